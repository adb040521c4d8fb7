using System.Diagnostics;
using System.Text;
using Rollouts.Manifests;

namespace Rollouts.Tests.Manifests;

public sealed class HostileInputTests
{
    // A hang would be minutes; this leaves room for a busy machine.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("{a: ")]
    [InlineData("[a, ")]
    [InlineData("- - ")]
    public void Read_DeepNesting_IsRefused(string opening)
    {
        string[] problems = Read(Repeat(opening));

        Assert.Contains("a.yaml:1: is nested deeper than 64 levels, which no manifest needs", problems.Select(p => p.Replace("\"?\".", "").Replace("\"?\": ", "")));
    }

    [Fact]
    public void Read_NestingOf64_IsTaken()
    {
        string Nested(int levels) => Manifest.Rollout.Replace("spec:\n  strategy", $"spec:\n  template: {new string('[', levels)}{new string(']', levels)}\n  strategy");

        Assert.Equal(
            [
                "a.yaml:5: spec.selector: is required: Rollout has missing field '.spec.selector'; give matchLabels that the template carries",
                "a.yaml:6: spec.template: must be a pod template, an object with metadata and spec; found a list",
            ],
            Read(Nested(62), Manifest.Template));
        Assert.Contains("a.yaml:6: is nested deeper than 64 levels, which no manifest needs", Read(Nested(63), Manifest.Template));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("'")]
    [InlineData("&a ")]
    [InlineData("*a ")]
    [InlineData("!!str ")]
    [InlineData("%")]
    [InlineData("#")]
    [InlineData("| ")]
    [InlineData(": ")]
    [InlineData("a: ")]
    [InlineData("\\")]
    [InlineData("\n")]
    [InlineData("\t")]
    [InlineData(" ")]
    [InlineData("---\n")]
    [InlineData("...\n")]
    [InlineData("a: b\n")]
    [InlineData("- a\n")]
    [InlineData("? a\n")]
    [InlineData("a: |\n")]
    [InlineData("a: &a b\n")]
    [InlineData("x: *y\n")]
    [InlineData("<<: {a: b}\n")]
    [InlineData("{a: 1}\n---\n")]
    [InlineData("{}\n")]
    [InlineData("}")]
    [InlineData("@")]
    public void Read_AMegabyteOfTheSame_EndsSoonWithAProblem(string text) => Assert.NotEmpty(Read(Repeat(text)));

    [Theory]
    [InlineData((1 << 20) - 1, "a.yaml:1: must be an object with apiVersion, kind, metadata and spec; found the text \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\"")]
    [InlineData(1 << 20, "a.yaml:1: is 1 MiB or more; a release has to be smaller")]
    public void Read_FileSize_IsBounded(int bytes, string expected)
    {
        Assert.Equal([expected], Read(new string('x', bytes)));
        Assert.Equal([expected.Replace("xx", "éé", StringComparison.Ordinal)], Read(new string('é', bytes / 2) + (bytes % 2 == 1 ? "x" : "")));
    }

    [Fact]
    public void Read_AliasBomb_IsRefused()
    {
        var text = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (char c = 'b'; c <= 'i'; c++)
            text.Append($"{c}: &{c} [{string.Join(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]\n");

        Assert.Equal(["a.yaml:6: grows by more than 1 MiB when its aliases (*) are filled in; write the values out"], Read(text.ToString()).Take(1));
    }

    [Fact]
    public void Read_LongTextByManyAliases_IsRefused() =>
        Assert.Equal(
            ["a.yaml:2: grows by more than 1 MiB when its aliases (*) are filled in; write the values out"],
            Read($"a: &a {new string('x', 500_000)}\nb: [*a, *a, *a]\n"));

    [Fact]
    public void Read_AliasThatNestsDeeper_IsRefused() =>
        Assert.Equal(
            ["a.yaml:2: is nested deeper than 64 levels, which no manifest needs"],
            Read($"a: &a {new string('[', 40)}{new string(']', 40)}\nb: {new string('[', 40)}*a{new string(']', 40)}\n"));

    [Fact]
    public void Read_TooManyDocuments_IsRefused() =>
        Assert.Contains("a.yaml:201: holds more than 200 documents; give fewer at once", Read(string.Concat(Enumerable.Repeat("--- \n", 300)).Replace("--- ", "--- 5")));

    [Fact]
    public void Read_ManyErrors_ListsTheFirstHundred()
    {
        string[] problems = Read(Manifest.Rollout.Replace("  strategy:", string.Concat(Enumerable.Range(0, 30_000).Select(i => $"  field{i}: 1\n")) + "  strategy:"));

        Assert.Equal(101, problems.Length);
        Assert.StartsWith("a.yaml:105: spec.field99: unknown field; supported are strategy, paused, ", problems[99], StringComparison.Ordinal);
        Assert.Equal("a.yaml:106: spec.field100: there are more errors; the first 100 are listed", problems[100]);
    }

    [Theory]
    [InlineData("      steps:\n", "      - pause: {}\n", "steps: has 50003 items; at most 200 are allowed", 50_000)]
    [InlineData("          templates:\n", "          - templateName: a\n", "steps[2].analysis.templates: has 20001 items; at most 50 are allowed", 20_000)]
    public void Read_LongLists_AreRefusedSoon(string find, string item, string expected, int times) =>
        Assert.Contains(
            Read(Manifest.Rollout.Replace(find, find + string.Concat(Enumerable.Repeat(item, times)))),
            p => p.EndsWith("spec.strategy.canary." + expected, StringComparison.Ordinal));

    [Fact]
    public void Read_PatternThatGrows_IsRefusedSoon()
    {
        string pattern = $"{new string('(', 20)}a{{1000}}{string.Concat(Enumerable.Repeat("){50}", 20))}";
        string rules = string.Concat(Enumerable.Range(0, 40).Select(i => $"          - metricName: '{pattern}{i}'\n"));

        Assert.Equal(40, Read($"{Manifest.Rollout}          dryRun:\n{rules}", Manifest.Template).Length);
    }

    [Fact]
    public void Read_ManyArguments_EndsSoon()
    {
        string names = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"  - name: a{i}\n"));

        Assert.Equal(
            ["b.yaml:6: spec.args: has 30000 items; at most 50 are allowed"],
            Read(Manifest.Rollout, Manifest.Template.Replace("  metrics:", $"  args:\n{names}  metrics:")));
    }

    [Fact]
    public void Read_LargeTemplateWithEverChangingArguments_IsRefusedSoon()
    {
        string steps = string.Concat(Enumerable.Range(0, 150).Select(i =>
            $"      - analysis: {{templates: [{{templateName: error-rate}}], args: [{{name: x, value: \"{i}\"}}]}}\n"));
        string query = "query: up + {{args.x}}" + string.Concat(Enumerable.Repeat(" + up", 2_000)) + " + sum(";

        Assert.Equal(
            ["b.yaml:1: is too large, or used with too many different arguments; shorten queries or split the release"],
            Read(
                Manifest.Rollout.Replace("      - setWeight: 5\n", steps).Replace("templateName: error-rate\n", "templateName: error-rate\n          args: [{name: x, value: \"1\"}]\n"),
                Manifest.Template.Replace("query: sum(", query).Replace("  metrics:", "  args: [{name: x}]\n  metrics:")));
    }

    [Fact]
    public void Read_ConditionThatIsDeep_IsRefusedSoon()
    {
        string condition = $"{new string('(', 20_000)}result[0]{new string(')', 20_000)} > 1";

        Assert.StartsWith(
            "b.yaml:10: spec.metrics[0].successCondition: is no condition: ",
            Assert.Single(Read(Manifest.Rollout, Manifest.Template.Replace("result[0] <= 0.01", condition))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ReleaseTooLargeToStore_IsRefused()
    {
        var random = new Random(1);
        string noise = string.Concat(Enumerable.Range(0, 4_000).Select(_ => random.NextInt64().ToString("x", null)));

        string problem = Assert.Single(Read(Manifest.Rollout, Manifest.Template.Replace("query: sum(", $"query: {noise} + sum(")));

        Assert.Matches(@"^a\.yaml:1: is too large: \d{5} bytes compressed, at most 12288 are allowed; shorten queries or split the release$", problem);
    }

    [Fact]
    public void Read_Secrets_AppearInNoProblem()
    {
        string template = Manifest.Template.Replace("        address: http://prometheus:9090\n", """
                    address: http://me:hunter2@prometheus:9090/?t=hunter2
                    authentication: {basicAuth: {username: me, password: hunter2}, oauth2: {clientSecret: hunter2}}
                    headers: [{key: Authorization, value: Bearer hunter2}, {key: X, value: "hunter2\n"}]

            """);

        string[] problems = Read(Manifest.Rollout, template);

        Assert.Equal(7, problems.Length);
        Assert.DoesNotContain(problems, p => p.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_TextOfAManifestInMessages_IsShortAndOnOneLine()
    {
        string[] problems = Read($"\"kind\\n{new string('k', 5000)}\": x\nkind: \"a\\nb\\u202e{new string('z', 5000)}\"\n");

        Assert.All(problems, p => Assert.True(p.Length < 300 && !p.Contains('\n') && !p.Contains('\u202e'), p));
        Assert.NotEmpty(problems);
    }

    private static string Repeat(string text) => string.Concat(Enumerable.Repeat(text, ((1 << 20) - 16) / text.Length));

    private static string[] Read(params string[] texts)
    {
        long start = Stopwatch.GetTimestamp();
        string[] problems = Manifest.Problems(texts);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Soon);
        Assert.InRange(problems.Length, 0, 202);
        return problems;
    }
}

using Rollouts.Manifests;
using Rollouts.Steps;

namespace Rollouts.Tests.Manifests;

/// <summary>What is read before any field is: files, documents, YAML itself.</summary>
public sealed class DocumentTests
{
    [Theory]
    [InlineData("a: [1, 2\n---\nb: c\n", "a.yaml:2: is not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'", "a.yaml:3: kind: is required: one of Rollout, AnalysisTemplate, ClusterAnalysisTemplate, RolloutPolicy")]
    [InlineData("a: [1, 2\nb: 3\n", "a.yaml:1: is not valid YAML from here on; look for a bracket or quote that is not closed")]
    [InlineData("a:\n\tb: 1\n", "a.yaml:1: is not valid YAML: while scanning a mapping, found invalid tab as indentation")]
    [InlineData("a: b: c\n", "a.yaml:1: is not valid YAML: while scanning a plain scalar value, found invalid mapping")]
    [InlineData("x\n", "a.yaml:1: must be an object with apiVersion, kind, metadata and spec; found the text \"x\"")]
    [InlineData("- x\n", "a.yaml:1: must be an object with apiVersion, kind, metadata and spec; found a list")]
    [InlineData("", "a.yaml:1: holds no document; write a Rollout and its AnalysisTemplates as YAML or JSON")]
    [InlineData("# nothing\n---\n---\n", "a.yaml:1: holds no document; write a Rollout and its AnalysisTemplates as YAML or JSON")]
    [InlineData("a: 1\0\n", "a.yaml:1: holds a NUL character (U+0000); is it a text file in UTF-8?")]
    [InlineData("a: 1\nb: \u0007\n", "a.yaml:2: holds the character U+0007, which no manifest may hold; remove it")]
    [InlineData("a: 1\nb: \uFFFD\n", "a.yaml:2: is not UTF-8 text: a byte here could not be read; save the file as UTF-8")]
    [InlineData("a: 1\n\uFEFFb: 1\n", "a.yaml:2: holds the character U+FEFF, which no manifest may hold; remove it")]
    public void Read_NoManifest_SaysWhatItIs(string text, params string[] expected) => Assert.Equal(expected, Manifest.Problems(text));

    [Fact]
    public void Read_LoneSurrogate_IsRefused() =>
        Assert.Equal(["a.yaml:1: holds the character U+D83D, which no manifest may hold; remove it"], Manifest.Problems("a: \ud83d\n"));

    [Theory]
    [InlineData("metadata:\n  name: web\n", "metadata:\n  name: web\n  name: web\n", "a.yaml:5: metadata.name: is given twice (first in line 4); keep one")]
    [InlineData("metadata:\n  name: web\n", "metadata: {name: web}\nmetadata: {name: web}\n", "a.yaml:4: metadata: is given twice (first in line 3); keep one")]
    [InlineData("      - setWeight: 5\n", "      - {setWeight: 5, setWeight: 6}\n", "a.yaml:14: spec.strategy.canary.steps[0].setWeight: is given twice (first in line 14); keep one")]
    [InlineData("setWeight: 5", "setWeight: !!int 5", "a.yaml:14: spec.strategy.canary.steps[0].setWeight: holds the tag !!int; tags are not read, remove it (and quote what is to be a text)")]
    [InlineData("web-canary", "! web-canary", "a.yaml:8: spec.strategy.canary.canaryService: holds the tag !; tags are not read, remove it (and quote what is to be a text)")]
    [InlineData("      - setWeight: 5\n", "      - setWeight: *w\n", "a.yaml:14: spec.strategy.canary.steps[0].setWeight: *w refers to no anchor that is complete above it", "a.yaml:14: spec.strategy.canary.steps[0].setWeight: is empty; give it a value")]
    [InlineData("      - setWeight: 5\n", "      - &w [*w]\n", "a.yaml:14: spec.strategy.canary.steps[0][0]: *w refers to no anchor that is complete above it", "a.yaml:14: spec.strategy.canary.steps[0]: must be an object with setWeight, pause, analysis, setHeaderRoute, setMirrorRoute, setCanaryScale, experiment; found a list")]
    [InlineData("      - setWeight: 5\n", "      - ? [setWeight]\n        : 5\n", "a.yaml:14: spec.strategy.canary.steps[0]: has a key that is not a text; a field's name has to be one, and a text that begins with { has to be in quotes", "a.yaml:14: spec.strategy.canary.steps[0]: has no action; it must have one of setWeight, pause, analysis, setHeaderRoute, setMirrorRoute, setCanaryScale, experiment")]
    [InlineData("      - setWeight: 5\n", "      - <<: 5\n        setWeight: 5\n", "a.yaml:14: spec.strategy.canary.steps[0]: merges (<<) the number 5; only an object can be merged")]
    [InlineData("      - setWeight: 5\n", "      - <<: {setWeight: 5}\n        <<: {}\n", "a.yaml:15: spec.strategy.canary.steps[0].\"<<\": is given twice (first in line 14); keep one")]
    [InlineData("web-canary", "\"web\\0canary\"", "a.yaml:8: spec.strategy.canary.canaryService: holds the character U+0000, which no manifest may hold; remove it", "a.yaml:8: spec.strategy.canary.canaryService: \"webU+0000canary\" is no name that Kubernetes takes; it must be a DNS-1123 label: lower-case letters, digits and -, at most 63 characters, beginning and ending with a letter or digit")]
    public void Read_YamlThatIsNotRead_SaysWhereAndWhy(string find, string replace, params string[] expected) =>
        Assert.Equal(expected, Manifest.ProblemsAfter(find, replace));

    [Fact]
    public void Read_AnchorsAndMergeKeys_AreFilledIn()
    {
        string text = Manifest.Rollout.Replace("      - setWeight: 5\n      - pause: {duration: 5m}\n", """
                  - &w {setWeight: 5}
                  - *w
                  - <<: *w
                  - pause: &p {duration: 5m}
                  - pause: {<<: *p, duration: 10}
                  - pause: *p

            """);

        Assert.Equal(
            ["setWeight: 5", "setWeight: 5", "setWeight: 5", "pause: 5m", "pause: 10s", "pause: 5m", "analysis: error-rate"],
            Manifest.Read(text, Manifest.Template).Release!.Steps.Select(s => s.Title));
    }

    [Fact]
    public void Read_MultipleDocuments_LinesAreThoseOfTheFile() =>
        Assert.Equal(
            ["a.yaml:15: spec.strategy.canary.steps[0].setWeight: must be a whole number from 0 to 100; found the number 500", "a.yaml:30: spec.metrics[0]: count must be a whole number, but is 'many'"],
            Manifest.Problems("---\n" + Manifest.Rollout.Replace("setWeight: 5", "setWeight: 500") + "---\n\n" + Manifest.Template.Replace("count: 5", "count: many")));

    [Fact]
    public void Read_BrokenDocument_TheOthersAreStillRead() =>
        Assert.Equal(
            ["a.yaml:15: spec.strategy.canary.steps[0].setWeight: must be a whole number from 0 to 100; found the number 500", "a.yaml:22: is not valid YAML: while parsing a node, did not find expected node content", "a.yaml:31: spec.metrics[0]: count must be a whole number, but is 'many'"],
            Manifest.Problems("---\n" + Manifest.Rollout.Replace("setWeight: 5", "setWeight: 500") + "---\n{\n---\n" + Manifest.Template.Replace("count: 5", "count: many")));

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Read_OtherLineEnds_ReadTheSameAtTheSameLines(string lineEnd)
    {
        string text = Manifest.Article.Replace("\n", lineEnd);

        Assert.Equal(Manifest.Problems(Manifest.Article), Manifest.Problems(text));
        Assert.Equal(Manifest.Read(Manifest.Article).Release!.Digest, Manifest.Read(text).Release!.Digest);
        Assert.Equal(
            Manifest.Problems(Manifest.Article.Replace("setWeight: 25", "setWeight: x")),
            Manifest.Problems(text.Replace("setWeight: 25", "setWeight: x")));
    }

    [Fact]
    public void Read_ByteOrderMark_IsSkipped() =>
        Assert.Equal(Manifest.Read(Manifest.Article).Release!.Digest, Manifest.Read("\uFEFF" + Manifest.Article).Release!.Digest);

    [Fact]
    public void Read_Directive_IsTaken() => Assert.Empty(Manifest.Problems("%YAML 1.2\n---\n" + Manifest.Rollout, "%YAML 1.1\n---\n" + Manifest.Template + "...\n"));

    [Fact]
    public void Read_Json_ReadsTheSame()
    {
        const string Json = "{\n\t\"apiVersion\": \"argoproj.io/v1alpha1\",\n\t\"kind\":\"Rollout\",\"metadata\" : {\"name\":\"w\\u0065b\"},\n"
            + "\t\"spec\":{\"strategy\":{\"canary\":{\"canaryService\":\"web-canary\",\"stableService\":\"web-stable\",\n"
            + "\t\"trafficRouting\":{\"nginx\":{\"stableIngress\":\"web\"}},\"steps\":[{\"setWeight\":5},{\"pause\":{\"duration\":\"5m\"}},\n"
            + "\t{\"analysis\":{\"templates\":[{\"templateName\":\"error-rate\"}]}}]}}}}";

        ReleaseReading reading = Manifest.Read(Json, Manifest.Template);

        Assert.Empty(reading.Problems);
        Assert.Equal(Manifest.Read(Manifest.Rollout, Manifest.Template).Release!.Digest, reading.Release!.Digest);
        Assert.Equal(
            ["a.yaml:5: spec.strategy.canary.steps[0].setWeight: must be a whole number from 0 to 100; found the text \"5\" (remove the quotes)"],
            Manifest.Problems(Json.Replace("\"setWeight\":5", "\"setWeight\":\"5\""), Manifest.Template));
    }

    [Fact]
    public void Read_JsonStrings_KeepEscapesAndPairs()
    {
        const string Json = """
            {"apiVersion":"argoproj.io/v1alpha1","kind":"AnalysisTemplate","metadata":{"name":"x"},"spec":{"metrics":[{"name":"m",
            "successCondition":"result == 1","provider":{"prometheus":{"query":"a\/\"b\"\n\té😀\ud83d\ude00"}}}]}}
            """;

        Assert.Equal("a/\"b\"\n\té😀😀", ReleaseReader.ReadTemplates(Manifest.Files(Json)).Templates["x"].Metrics[0].Prometheus!.Query);
    }

    [Fact]
    public void Read_PlainScalars_HaveTheTypesThatKubernetesGivesThem()
    {
        string[] texts = ["2026-01-01", "1:30", "5m", "a", "0x", "1.2.3", "-a", "08x", "1e", "nope", "trUe"];
        string[] others = ["true", "no", "off", "Y", "5", "-5", "+5", "0x1F", "017", "08", "1_000", ".5", "1e3", "1.", ".inf", ".NaN", "-.inf"];

        foreach (string text in texts)
            Assert.Empty(Arguments(text));
        foreach (string other in others)
            Assert.Contains("so put it in quotes", Assert.Single(Arguments(other)), StringComparison.Ordinal);

        static string[] Arguments(string value) => Manifest.Problems(
            Manifest.Rollout + $"          args:\n          - name: x\n            value: {value}\n",
            Manifest.Template.Replace("  metrics:", "  args: [{name: x}]\n  metrics:"));
    }

    [Fact]
    public void Read_BlockScalarQuery_KeepsItsText() =>
        Assert.Equal(
            "sum(\n  up\n)\n",
            Manifest.Read(
                Manifest.Rollout,
                Manifest.Template.Replace("query: sum(rate(errors[5m])) / sum(rate(requests[5m]))", "query: |\n          sum(\n            up\n          )"))
                .Release!.Templates["error-rate"].Metrics[0].Prometheus!.Query);

    [Fact]
    public void Read_SeveralFiles_AreOneRelease()
    {
        Release release = Manifest.Read(Manifest.Template, Manifest.Rollout).Release!;

        Assert.Equal(Manifest.Read(Manifest.Rollout + "---\n" + Manifest.Template).Release!.Digest, release.Digest);
        Assert.IsType<AnalysisStep>(release.Steps[2]);
    }
}

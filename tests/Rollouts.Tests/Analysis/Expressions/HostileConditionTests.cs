using Rollouts.Analysis.Expressions;
using Rollouts.Tests.Fuzzing;

namespace Rollouts.Tests.Analysis.Expressions;

/// <summary>
/// Conditions that are meant to exhaust time, memory or stack end in a problem, and soon: within a tenth of a second of processor time, as the made-up ones.
/// </summary>
[Collection(nameof(FuzzCollection))]
public sealed class HostileConditionTests
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("ab", 20_000));

    public static TheoryData<string, string> Sources => new()
    {
        { new string('(', 4_900) + "true" + new string(')', 4_900), "more than 64 brackets" },
        { new string('[', 9_000), "more than 64 brackets" },
        { string.Concat(Enumerable.Repeat("{a:", 3_000)), "more than 64 brackets" },
        { string.Concat(Enumerable.Repeat("map(result, ", 800)), "more than 64 brackets" },
        { new string('!', 9_000) + "true", "nested too deeply" },
        { new string('-', 9_000) + "1 > 0", "nested too deeply" },
        { string.Concat(Enumerable.Repeat("not ", 2_400)) + "true", "nested too deeply" },
        { string.Concat(Enumerable.Repeat("true ? ", 1_400)), "unexpected token EOF" },
        { string.Concat(Enumerable.Repeat("true ? true : ", 700)) + "true", "nested too deeply" },
        { string.Concat(Enumerable.Repeat("let a = 1; ", 900)) + "true", "nested too deeply" },
        { string.Concat(Enumerable.Repeat("if true {true} else ", 490)) + "{true}", "nested too deeply" },
        { "1" + string.Concat(Enumerable.Repeat(" ** 1", 1_900)) + " > 0", "nested too deeply" },
        { "true" + string.Concat(Enumerable.Repeat(" && true", 1_200)), "nested too deeply" },
        { "1" + string.Concat(Enumerable.Repeat(" < 2", 2_400)), "nested too deeply" },
        { "result" + string.Concat(Enumerable.Repeat(".a", 4_900)), "nested too deeply" },
        { "result" + string.Concat(Enumerable.Repeat("[0]", 3_300)), "nested too deeply" },
        { "[" + string.Concat(Enumerable.Repeat("1<1<1,", 1_600)) + "]", "exceeds maximum allowed nodes" },
        { string.Concat(Enumerable.Repeat("true || ", 150_000)) + "true", "longer than 10000 characters" },
        { new string('\0', 10_000), "unrecognized character" },
        { string.Concat(Enumerable.Repeat("\ud800", 9_000)), "unrecognized character" },
        { "\"" + new string('\\', 9_001), "literal not terminated" },
        { "/*" + new string('*', 9_000), "unclosed comment" },
        { string.Concat(Enumerable.Repeat("/* ", 3_300)), "unclosed comment" },
        { string.Concat(Enumerable.Repeat("\\\"", 4_900)), "unrecognized character" },
        { "\"" + string.Concat(Enumerable.Repeat("\\\"", 4_900)), "literal not terminated" },
        { string.Concat(Enumerable.Repeat("a ", 4_900)), "unexpected token Identifier" },
        { "`" + new string('`', 9_000), "literal not terminated" },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public void TryParse_HostileSource_IsRefusedSoon(string source, string message)
    {
        EndsSoon(() =>
        {
            Assert.False(Condition.TryParse(source, out _, out var problem));
            Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("1..1000000000 == []", "memory budget exceeded")]
    [InlineData("-4611686018427387903..4611686018427387903 == []", "memory budget exceeded")]
    [InlineData("all(1..2000000, true)", "memory budget exceeded")]
    [InlineData("all(1..900000, all(1..900000, true))", "memory budget exceeded")]
    [InlineData("let r = 1..900000; all(r, all(r, # > 0))", "more than 300000 steps")]
    [InlineData("let r = 1..900000; uniq(r) == r", "more than 300000 steps")]
    [InlineData("let r = 1..90000; all(r, r == r)", "more than 300000 steps")]
    [InlineData("let r = 1..90000; all(r, # in r)", "more than 300000 steps")]
    [InlineData("let r = 1..90000; all(r, max(r) > 0)", "more than 300000 steps")]
    [InlineData("let r = 1..90000; all(r, mean(r) > 0)", "more than 300000 steps")]
    [InlineData("let r = 1..90000; all(r, len(sort(r)) > 0)", "more than 300000 steps")]
    [InlineData("let r = 1..90000; all(r, sum(r) > 0)", "more than 300000 steps")]
    [InlineData("let r = 1..90000; all(r, findLast(r, # < 0) == nil)", "more than 300000 steps")]
    [InlineData("repeat(\"a\", 1000001) == \"\"", "memory budget exceeded")]
    [InlineData("repeat(\"\", 1000001) == \"\"", "memory budget exceeded")]
    [InlineData("repeat(repeat(\"a\", 1000), 1000) == \"\"", "memory budget exceeded")]
    [InlineData("reduce(1..60, #acc + #acc, \"aaaa\") == \"\"", "memory budget exceeded")]
    [InlineData("reduce(1..60, [#acc, #acc], 1)", "expected bool, but got []interface {}")]
    [InlineData("toJSON(reduce(1..60, [#acc, #acc], 1)) == \"\"", "more than 300000 steps")]
    [InlineData("string(reduce(1..60, [#acc, #acc], 1)) == \"\"", "more than 300000 steps")]
    [InlineData("flatten(reduce(1..60, [#acc, #acc], 1)) == []", "more than 300000 steps")]
    [InlineData("let x = reduce(1..60, [#acc, #acc], 1); let y = reduce(1..60, [#acc, #acc], 1); x == y", "more than 300000 steps")]
    [InlineData("len(flatten(reduce(1..20000, [#acc], 1))) == 1", "nested more than 1000 deep")]
    [InlineData("let x = reduce(1..20000, [#acc], 1); let y = reduce(1..20000, [#acc], 1); x == y", "nested more than 1000 deep")]
    [InlineData("toJSON(reduce(1..20000, [#acc], 1)) == \"\"", "nested more than 1000 deep")]
    [InlineData("max(reduce(1..20000, [#acc], 1)) == 1", "nested more than 1000 deep")]
    [InlineData("toJSON(reduce(1..20000, ({\"a\": #acc}), 1)) == \"\"", "nested more than 1000 deep")]
    [InlineData("fromJSON(repeat(\"[\", 100000)) == nil", "invalid JSON")]
    [InlineData("let s = repeat(\"a\", 900000); toJSON(map(1..90000, s)) == \"\"", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); join(map(1..90000, s)) == \"\"", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); replace(s, \"\", s) == \"\"", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); replace(s, \"a\", s) == \"\"", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); all(1..90000, s not contains \"b\")", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); let t = s + \"\"; all(1..90000, s == t)", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); all(1..90000, s[1:] != \"\")", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); all(1..90000, upper(s) != \"\")", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); all(1..90000, len(split(s, \"\")) > 0)", "more than 300000 steps")]
    [InlineData("all(1..90000, date(\"x\" + string(#)) > now())", "invalid date")]
    [InlineData("all(1..90000, date(\"2024-01-01\") > now())", "more than 300000 steps")]
    [InlineData("let p = repeat(\"[a-z]\", 1900); all(1..90000, \"a\" not matches p + string(#))", "more than 300000 steps")]
    [InlineData("all(1..90000, \"a\" matches \"a(\" + string(#) + \")?\")", "more than 300000 steps")]
    [InlineData("any(2..100000, {({\"a\": 1} ?? 1) == 0})", "more than 300000 steps")]
    [InlineData("float(0.5) in 3..1000000", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); let m = {\"a\": 1}; all(1..90000, s not in m)", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); let m = {\"a\": 1}; all(1..90000, m[s] == nil)", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); let t = s + \"\"; all(1..90000, s + \"b\" not in [t, t, #])", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 60000); all(1..90000, now().Format(s) != \"\")", "more than 300000 steps")]
    [InlineData("let s = repeat(\"1\", 60000); all(1..90000, not isNaN(float(s)))", "invalid operation: float(111")]
    [InlineData("let s = repeat(\" \", 60000); all(1..90000, trim(s) == \"\")", "more than 300000 steps")]
    [InlineData("let s = repeat(\"a\", 60000); all(1..90000, trimPrefix(s, s) == \"\")", "more than 300000 steps")]
    [InlineData("let s = repeat(\"\\n\", 60000); all(1..90000, fromBase64(s) == \"\")", "more than 300000 steps")]
    [InlineData("let s = repeat(\"1h\", 60000); all(1..90000, duration(s) != nil)", "more than 300000 steps")]
    [InlineData("all(1..90000, timezone(\"Europe/Berlin\") != nil)", "more than 300000 steps")]
    [InlineData("all(1..90000, string(now()) != \"\")", "more than 300000 steps")]
    [InlineData("all(1..90000, fromJSON(\"[1,{}]\") != nil)", "more than 300000 steps")]
    [InlineData("let x = reduce(1..60, ({\"a\": #acc, \"b\": #acc}), 1); let y = reduce(1..60, ({\"a\": #acc, \"b\": #acc}), 1); x == y", "more than 300000 steps")]
    [InlineData("let x = reduce(1..60, ({\"a\": [#acc, #acc]}), 1); let y = reduce(1..60, ({\"a\": [#acc, #acc]}), 1); x == y", "more than 300000 steps")]
    [InlineData("len(groupBy(1..90000, toPairs({\"a\": #})[0])) > 0", "more than 300000 steps")]
    [InlineData("len(groupBy(1..90000, string(#))) > 0", "more than 300000 steps")]
    [InlineData("len(map(1..900000, #)) > 0", "more than 300000 steps")]
    [InlineData("median(1..900000) > 0", "more than 300000 steps")]
    [InlineData("reverse(1..400000) == []", "more than 300000 steps")]
    [InlineData("let r = map(1..20000, # * 1.7); all(r, toJSON(r) != \"\")", "more than 300000 steps")]
    public void Evaluate_HostileCondition_EndsSoon(string source, string message)
    {
        var condition = Condition.Parse(source);

        EndsSoon(() =>
        {
            var exception = Record.Exception(() => condition.Evaluate(new VectorValue([1, 2, 3]), DateTimeOffset.UnixEpoch));
            Assert.Contains(message, Assert.IsType<ConditionException>(exception).Problem.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(a|a?)+$")]
    [InlineData("(.*a){25}$")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    [InlineData("(x+x+)+y")]
    public void Evaluate_CatastrophicPattern_TakesLinearTime(string pattern)
    {
        var condition = Condition.Parse($"result matches `{pattern}`");
        using var json = System.Text.Json.JsonDocument.Parse($"\"{Text}!\"");
        var value = MetricValue.FromJson(json.RootElement);

        EndsSoon(() =>
        {
            var exception = Record.Exception(() => condition.Evaluate(value, DateTimeOffset.UnixEpoch));
            Assert.True(exception is null or ConditionException, exception?.ToString());
        });
    }

    [Theory]
    [InlineData("(", "a", "){1000}")]
    [InlineData("((((", "a{10}", "){10}){10}){10})")]
    [InlineData("", "[a-z]{500}[a-z]{500}[0-9]{500}", "$")]
    [InlineData("", @"(\pL\pN\p{Lu}){100}", "")]
    public void Evaluate_LargePattern_EndsSoon(string before, string middle, string after)
    {
        var condition = Condition.Parse($"result matches `{before}{middle}{after}` || true");
        var value = MetricValue.ParsePrometheusNotation($"\"{Text}\"");

        EndsSoon(() =>
        {
            var exception = Record.Exception(() => condition.Evaluate(value, DateTimeOffset.UnixEpoch));
            Assert.True(exception is null or ConditionException, exception?.ToString());
        });
    }

    public static TheoryData<string> DeepestSources =>
    [
        new string('(', 64) + "true" + new string(')', 64),
        "len(" + new string('[', 63) + "1" + new string(']', 63) + ") > 0",
        "all(result, " + string.Concat(Enumerable.Repeat("any([1], ", 62)) + "true" + new string(')', 63),
        string.Concat(Enumerable.Repeat("true && result[0] > 0 && ", 120)) + "true",
        string.Concat(Enumerable.Repeat("result[0] > 5 || ", 240)) + "true",
        new string('!', 100) + "true",
        string.Concat(Enumerable.Repeat("result[0] < 0 ? false : ", 150)) + "true",
        string.Concat(Enumerable.Range(0, 100).Select(i => $"let a{i} = result; ")) + "a99[0] > 0",
        string.Concat(Enumerable.Repeat("if result[0] < 0 {true} else ", 150)) + "{true}",
        "1" + string.Concat(Enumerable.Repeat(" ** result[0]", 150)) + " > 0",
        string.Concat(Enumerable.Repeat("result[0] + ", 240)) + "1 > 0",
    ];

    [Theory]
    [MemberData(nameof(DeepestSources))]
    public void Evaluate_DeepestThatIsAllowed_FitsASmallStack(string source)
    {
        bool? holds = null;
        Exception? exception = null;
        var thread = new Thread(
            () => exception = Record.Exception(
                () => holds = Condition.Parse(source).Evaluate(new VectorValue([1]), DateTimeOffset.UnixEpoch)),
            maxStackSize: 1024 * 1024);

        thread.Start();
        thread.Join();

        Assert.Null(exception);
        Assert.True(holds);
    }

    [Theory]
    [MemberData(nameof(DeepestSources))]
    public void Evaluate_TinyStack_IsAProblemAndNoOverflow(string source)
    {
        Exception? exception = null;
        var thread = new Thread(
            () => exception = Record.Exception(
                () => Condition.Parse(source).Evaluate(new VectorValue([1]), DateTimeOffset.UnixEpoch)),
            maxStackSize: 192 * 1024);

        thread.Start();
        thread.Join();

        Assert.True(exception is null or ConditionException, exception?.ToString());
    }

    // What was compiled in the first attempt is not in the others, and hardly ever is memory collected in all of them.
    private static void EndsSoon(Action act)
    {
        TimeSpan soonest = TimeSpan.MaxValue;
        for (int i = 0; i < 3 && soonest > FuzzRun.Longest; i++)
        {
            TimeSpan took = ThreadTime.Of(act);
            soonest = took < soonest ? took : soonest;
        }

        Assert.True(soonest <= FuzzRun.Longest, $"took {soonest.TotalMilliseconds:0} ms of processor time");
    }
}

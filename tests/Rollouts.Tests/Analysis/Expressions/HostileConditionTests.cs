using System.Diagnostics;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Tests.Analysis.Expressions;

/// <summary>Conditions that are meant to exhaust time, memory or stack end in a problem, and soon.</summary>
public sealed class HostileConditionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private static readonly string Text = string.Concat(Enumerable.Repeat("ab", 20_000));

    public static TheoryData<string, string> Sources => new()
    {
        { new string('(', 5_000) + "true" + new string(')', 5_000), "more than 64 brackets" },
        { new string('[', 9_000), "more than 64 brackets" },
        { string.Concat(Enumerable.Repeat("{a:", 3_000)), "more than 64 brackets" },
        { string.Concat(Enumerable.Repeat("map(result, ", 1_000)), "more than 64 brackets" },
        { new string('!', 15_000) + "true", "nested too deeply" },
        { new string('-', 15_000) + "1 > 0", "nested too deeply" },
        { string.Concat(Enumerable.Repeat("not ", 4_000)) + "true", "nested too deeply" },
        { string.Concat(Enumerable.Repeat("true ? ", 2_000)), "unexpected token EOF" },
        { string.Concat(Enumerable.Repeat("true ? true : ", 1_000)) + "true", "nested too deeply" },
        { string.Concat(Enumerable.Repeat("let a = 1; ", 1_000)) + "true", "nested too deeply" },
        { string.Concat(Enumerable.Repeat("if true {true} else ", 900)) + "{true}", "nested too deeply" },
        { "1" + string.Concat(Enumerable.Repeat(" ** 1", 3_000)) + " > 0", "nested too deeply" },
        { "true" + string.Concat(Enumerable.Repeat(" && true", 2_000)), "nested too deeply" },
        { "1" + string.Concat(Enumerable.Repeat(" < 2", 4_000)), "nested too deeply" },
        { "result" + string.Concat(Enumerable.Repeat(".a", 5_000)), "nested too deeply" },
        { "result" + string.Concat(Enumerable.Repeat("[0]", 5_000)), "nested too deeply" },
        { "[" + string.Concat(Enumerable.Repeat("1<1<1,", 3_000)) + "]", "exceeds maximum allowed nodes" },
        { string.Concat(Enumerable.Repeat("true || ", 150_000)) + "true", "longer than 20000 characters" },
        { new string('\0', 20_000), "unrecognized character" },
        { string.Concat(Enumerable.Repeat("\ud800", 9_000)), "unrecognized character" },
        { "\"" + new string('\\', 19_001), "literal not terminated" },
        { "/*" + new string('*', 19_000), "unclosed comment" },
        { "`" + new string('`', 19_000), "literal not terminated" },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public void TryParse_HostileSource_IsRefusedSoon(string source, string message)
    {
        var started = Stopwatch.GetTimestamp();

        Assert.False(Condition.TryParse(source, out _, out var problem));

        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(started) < Soon);
    }

    [Theory]
    [InlineData("1..1000000000 == []", "memory budget exceeded")]
    [InlineData("-4611686018427387903..4611686018427387903 == []", "memory budget exceeded")]
    [InlineData("all(1..2000000, true)", "memory budget exceeded")]
    [InlineData("all(1..900000, all(1..900000, true))", "memory budget exceeded")]
    [InlineData("let r = 1..900000; all(r, all(r, # > 0))", "more than 10000000 steps")]
    [InlineData("let r = 1..900000; uniq(r) == r", "more than 10000000 steps")]
    [InlineData("let r = 1..90000; all(r, r == r)", "more than 10000000 steps")]
    [InlineData("let r = 1..90000; all(r, # in r)", "more than 10000000 steps")]
    [InlineData("let r = 1..90000; all(r, max(r) > 0)", "more than 10000000 steps")]
    [InlineData("let r = 1..90000; all(r, mean(r) > 0)", "more than 10000000 steps")]
    [InlineData("let r = 1..90000; all(r, len(sort(r)) > 0)", "more than 10000000 steps")]
    [InlineData("let r = 1..90000; all(r, sum(r) > 0)", "more than 10000000 steps")]
    [InlineData("let r = 1..90000; all(r, findLast(r, # < 0) == nil)", "more than 10000000 steps")]
    [InlineData("repeat(\"a\", 1000001) == \"\"", "memory budget exceeded")]
    [InlineData("repeat(\"\", 1000001) == \"\"", "memory budget exceeded")]
    [InlineData("repeat(repeat(\"a\", 1000), 1000) == \"\"", "memory budget exceeded")]
    [InlineData("reduce(1..60, #acc + #acc, \"aaaa\") == \"\"", "memory budget exceeded")]
    [InlineData("reduce(1..60, [#acc, #acc], 1)", "expected bool, but got []interface {}")]
    [InlineData("toJSON(reduce(1..60, [#acc, #acc], 1)) == \"\"", "memory budget exceeded")]
    [InlineData("string(reduce(1..60, [#acc, #acc], 1)) == \"\"", "memory budget exceeded")]
    [InlineData("flatten(reduce(1..60, [#acc, #acc], 1)) == []", "more than 10000000 steps")]
    [InlineData("let x = reduce(1..60, [#acc, #acc], 1); let y = reduce(1..60, [#acc, #acc], 1); x == y", "more than 10000000 steps")]
    [InlineData("len(flatten(reduce(1..100000, [#acc], 1))) == 1", "nested too deeply")]
    [InlineData("let x = reduce(1..100000, [#acc], 1); let y = reduce(1..100000, [#acc], 1); x == y", "nested too deeply")]
    [InlineData("toJSON(reduce(1..100000, [#acc], 1)) == \"\"", "memory budget exceeded")]
    [InlineData("max(reduce(1..100000, [#acc], 1)) == 1", "nested too deeply")]
    [InlineData("fromJSON(repeat(\"[\", 100000)) == nil", "invalid JSON")]
    [InlineData("let s = repeat(\"a\", 900000); toJSON(map(1..90000, s)) == \"\"", "memory budget exceeded")]
    [InlineData("let s = repeat(\"a\", 900000); join(map(1..90000, s)) == \"\"", "memory budget exceeded")]
    [InlineData("let s = repeat(\"a\", 900000); replace(s, \"\", s) == \"\"", "more than 10000000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); replace(s, \"a\", s) == \"\"", "more than 10000000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); all(1..90000, s not contains \"b\")", "more than 10000000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); let t = s + \"\"; all(1..90000, s == t)", "more than 10000000 steps")]
    [InlineData("let s = repeat(\"a\", 900000); all(1..90000, s[1:] != \"\")", "memory budget exceeded")]
    [InlineData("let s = repeat(\"a\", 900000); all(1..90000, upper(s) != \"\")", "memory budget exceeded")]
    [InlineData("let s = repeat(\"a\", 900000); all(1..90000, len(split(s, \"\")) > 0)", "more than 10000000 steps")]
    [InlineData("all(1..90000, date(\"x\" + string(#)) > now())", "invalid date")]
    [InlineData("all(1..90000, date(\"2024-01-01\") > now())", "more than 10000000 steps")]
    [InlineData("let p = repeat(\"[a-z]\", 1900); all(1..90000, \"a\" not matches p + string(#))", "more than 10000000 steps")]
    [InlineData("all(1..90000, \"a\" matches \"a(\" + string(#) + \")?\")", "more than 10000000 steps")]
    public void Evaluate_HostileCondition_EndsSoon(string source, string message)
    {
        var condition = Condition.Parse(source);
        var started = Stopwatch.GetTimestamp();

        var exception = Record.Exception(() => condition.Evaluate(new VectorValue([1, 2, 3]), DateTimeOffset.UnixEpoch));

        Assert.True(Stopwatch.GetElapsedTime(started) < Soon, $"took {Stopwatch.GetElapsedTime(started)}");
        Assert.Contains(message, Assert.IsType<ConditionException>(exception).Problem.Message, StringComparison.Ordinal);
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
        var started = Stopwatch.GetTimestamp();

        var exception = Record.Exception(() => condition.Evaluate(value, DateTimeOffset.UnixEpoch));

        Assert.True(exception is null or ConditionException, exception?.ToString());
        Assert.True(Stopwatch.GetElapsedTime(started) < Soon, $"took {Stopwatch.GetElapsedTime(started)}");
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
        var started = Stopwatch.GetTimestamp();

        var exception = Record.Exception(() => condition.Evaluate(value, DateTimeOffset.UnixEpoch));

        Assert.True(exception is null or ConditionException, exception?.ToString());
        Assert.True(Stopwatch.GetElapsedTime(started) < Soon, $"took {Stopwatch.GetElapsedTime(started)}");
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
}

using System.Diagnostics;
using System.Text;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Tests.Analysis.Expressions;

public sealed class ConditionFuzzTests
{
    private static readonly string[] Tokens =
    [
        "(", ")", "[", "]", "{", "}", ",", ".", "?.", "?", ":", "??", "..", "+", "-", "*", "/", "%", "**", "^", "|", "||", "&&",
        "and", "or", "not", "in", "!", "==", "!=", "<", "<=", "matches", "contains", "startsWith", "let", "if", "else", ";", "=", "#",
        "#acc", "#index", "result", "1", "0x1", "2.5", ".5", "1e3", "\"a\"", "'b'", "`c`", "b\"d\"", "nil", "true", "false", "len",
        "map", "filter", "sum", "reduce", "sortBy", "groupBy", "findLast", "max", "sort", "date", "duration", "now", "toJSON",
        "fromJSON", "split", "repeat", "asInt", "isNaN", "default", "$env", "::", "\\", "\"", "'", "`", "/*", "//", "\n", "\0", "é",
        "😀", "\ud800", "x", "Year", "(?i)a*",
    ];

    private static readonly MetricValue[] Results = [.. new[]
    {
        "3", "NaN", "[]", "[0.004,0.2]", "[NaN]", "\"1h\"", "null", "true", "{\"a\":{\"b\":[1,\"x\",null]}}", "[[1],[2,3]]",
    }.Select(MetricValue.ParsePrometheusNotation)];

    [Fact]
    public void ParseAndEvaluate_RandomInput_OnlyEverThrowsConditionExceptions()
    {
        string[] corpus = [.. RecordedConditions.Read("conditions.jsonl").Concat(RecordedConditions.Read("expr-lang.jsonl"))
            .Select(row => row.Data.Success ?? row.Data.Failure ?? "")
            .Distinct()];
        var random = new Random(20260817);
        var (parsed, evaluated) = (0, 0);
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < 100_000; i++)
        {
            var source = i % 4 == 0 ? Compose(random) : Mutate(corpus[random.Next(corpus.Length)], random);
            var started = Stopwatch.GetTimestamp();
            try
            {
                if (Condition.TryParse(source, out var condition, out _))
                {
                    parsed++;
                    condition.Evaluate(Results[random.Next(Results.Length)], DateTimeOffset.UnixEpoch);
                    evaluated++;
                }
            }
            catch (ConditionException)
            {
                // The one exception that a condition may end in.
            }
            catch (Exception e)
            {
                Assert.Fail($"{source}: {e}");
            }

            var took = Stopwatch.GetElapsedTime(started);
            slowest = took > slowest ? took : slowest;
        }

        // Most inputs are no conditions; enough of them must be for the test to mean anything.
        Assert.InRange(parsed, 10_000, 99_999);
        Assert.InRange(evaluated, 1_000, parsed);
        Assert.True(slowest < TimeSpan.FromSeconds(20), $"one took {slowest}");
    }

    private static string Compose(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 14); i > 0; i--)
        {
            text.Append(Tokens[random.Next(Tokens.Length)]).Append(random.Next(3) == 0 ? "" : " ");
        }

        return text.ToString();
    }

    private static string Mutate(string source, Random random)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(source.Length + 1);
            var end = Math.Min(source.Length, at + random.Next(1, 5));
            source = random.Next(5) switch
            {
                0 => source[..at] + Tokens[random.Next(Tokens.Length)] + source[at..],
                1 => source[..at] + source[end..],
                2 => source[..at] + source[at..end] + source[at..],
                3 => source[..at] + (char)random.Next(1, 0x2FF) + source[at..],
                _ => source[..at] + " " + Tokens[random.Next(Tokens.Length)] + " " + source[end..],
            };
        }

        return source;
    }
}

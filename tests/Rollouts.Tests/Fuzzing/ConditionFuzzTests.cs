using System.Text;
using Rollouts.Analysis.Expressions;
using Rollouts.Tests.Analysis.Expressions;

namespace Rollouts.Tests.Fuzzing;

/// <summary>A million damaged or made-up conditions: whatever stands in one, it ends soon, in a truth value or in a <see cref="ConditionException"/>.</summary>
[Collection(nameof(FuzzCollection))]
public sealed class ConditionFuzzTests
{
    private const int Inputs = 1_000_000;

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
    public void ParseAndEvaluate_RandomInput_EndsSoonAndOnlyThrowsConditionExceptions()
    {
        string[] corpus = [.. RecordedConditions.Read("conditions.jsonl", Beside()).Concat(RecordedConditions.Read("expr-lang.jsonl", Beside()))
            .Select(row => row.Data.Success ?? row.Data.Failure ?? "")
            .Distinct()];
        var (parsed, evaluated) = (0, 0);

        FuzzRun.Run(
            Inputs,
            seed: 20260817,
            random => (Source: Make(corpus, random), Result: random.Next(Results.Length)),
            input =>
            {
                try
                {
                    if (!Condition.TryParse(input.Source, out var condition, out _))
                        return;
                    Interlocked.Increment(ref parsed);
                    condition.Evaluate(Results[input.Result], DateTimeOffset.UnixEpoch);
                    Interlocked.Increment(ref evaluated);
                }
                catch (ConditionException)
                {
                    // The one exception that a condition may end in.
                }
            });

        // Most inputs are no conditions; enough of them must be for the test to mean anything.
        Assert.InRange(parsed, Inputs / 10, Inputs);
        Assert.InRange(evaluated, Inputs / 100, parsed);
    }

    private static string Make(string[] corpus, Random random) =>
        random.Next(4) == 0 ? Compose(random) : TextMutation.Mutate(corpus[random.Next(corpus.Length)], Tokens, random);

    private static string Compose(Random random)
    {
        var text = new StringBuilder();
        for (int i = random.Next(1, 14); i > 0; i--)
            text.Append(Tokens[random.Next(Tokens.Length)]).Append(random.Next(3) == 0 ? "" : " ");
        return text.ToString();
    }

    // The recorded conditions stand beside the tests of the language.
    private static string Beside([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "../Analysis/Expressions/x");
}

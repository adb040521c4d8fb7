using CsCheck;
using Rollouts.Analysis;
using Rollouts.Analysis.Arguments;
using Rollouts.Analysis.Expressions;
using Rollouts.Analysis.Expressions.Syntax;
using TokenKind = Rollouts.Analysis.Arguments.TokenKind;

namespace Rollouts.Tests.Analysis.Arguments;

/// <summary>Whatever values are accepted, the text has the tokens that it has with harmless ones.</summary>
public sealed class SubstitutionPropertyTests
{
    private const int Iterations = 50_000;

    private static readonly string[] Queries =
    [
        "sum(rate(http_requests_total{job=\"{{args.a}}\",version='{{args.b}}'}[5m])) / sum(rate(x{c=`{{args.c}}`}[1m]))",
        "rate({{args.a}}_total{ {{args.b}} =~ \"{{args.c}}.*\"}[{{args.c}}])",
        "{{args.a}} > {{args.b}} # {{args.c}}\n or vector({{args.c}})",
        "{{args.a}}{{args.b}}({{args.c}}[{{args.a}}m:{{args.b}}] offset {{args.c}})",
        "label_replace(up, \"{{args.a}}{{args.b}}\", \"\\{{args.c}}\", '', \"\")",
    ];

    private static readonly string[] Conditions =
    [
        "result[{{args.a}}] <= {{args.b}} ** {{args.c}}",
        "result == \"{{args.a}}\" + '{{args.b}}' || result == `{{args.c}}`",
        "all(result, {# > {{args.a}} }) && -{{args.b}} < 1..{{args.c}}",
        "len(result) > {{args.a}} /* {{args.b}} */ ? {{args.c}} : true // {{args.a}}",
    ];

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.OneOf(
            "1", "0.05", "-1", "+2", "5m", "1h30m", "NaN", "inf", "or", "and", "sum", "up", "a:b", "true", "nil", "\"", "'", "`", "\\", "\n", "\r",
            "", " ", "#", "//", "/*", "*/", "}", "{", "(", ")", "[", "]", ",", "..", "e", "x1", "_", "\" + \"", "'} or {a='", "foo\"} or vector(0) #"),
        Gen.String[Gen.OneOf(Gen.Char["\"'`\\{}[]()#/*\n\r+-.:,_ 01ae"], Gen.Char), 0, 6]);

    [Fact]
    public void Resolve_RandomValuesInQueries_NeverChangeTheTokens()
    {
        int accepted = 0;
        Gen.Select(Gen.OneOf(Queries), Value, Value, Value).Sample(
            (query, a, b, c) =>
            {
                if (Fill(ArgumentResolutionTests.Metric("m", query), a, b, c) is { } filled)
                {
                    Interlocked.Increment(ref accepted);
                    AssertSameTokens(query, filled.Prometheus!.Query, PromQlLexer.TryRead, ["1", "1m", "a"]);
                }
            },
            iter: Iterations);
        Assert.True(accepted > Iterations / 100, $"only {accepted} samples were accepted");
    }

    [Fact]
    public void Resolve_RandomValuesInConditions_NeverChangeTheTokens()
    {
        int accepted = 0;
        Gen.Select(Gen.OneOf(Conditions), Value, Value, Value).Sample(
            (condition, a, b, c) =>
            {
                if (Fill(ArgumentResolutionTests.Metric("m", "up") with { SuccessCondition = condition }, a, b, c) is { } filled)
                {
                    Interlocked.Increment(ref accepted);
                    AssertSameTokens(condition, filled.SuccessCondition!, ConditionLexer.TryRead, ["1", "(-1)", "(+1)"]);
                    AssertSameSyntax(condition, filled.SuccessCondition!);
                }
            },
            iter: Iterations);
        Assert.True(accepted > Iterations / 100, $"only {accepted} samples were accepted");
    }

    // With strings and numbers left out, the parser sees what it sees with harmless values.
    private static void AssertSameSyntax(string template, string filled)
    {
        Assert.True(ConditionParser.TryParse(template.Replace("{{args.a}}", "1").Replace("{{args.b}}", "1").Replace("{{args.c}}", "1"), out Node? expected, out _));
        Assert.True(ConditionParser.TryParse(filled, out Node? found, out ConditionProblem? problem), problem?.ToString());
        Assert.Equal(ConditionShape.Describe(expected), ConditionShape.Describe(found));
    }

    private static Metric? Fill(MetricTemplate metric, string a, string b, string c) => ArgumentResolution.Resolve(
        [ArgumentResolutionTests.Template("t", [new("a", a), new("b", b), new("c", c)], metric)], [], null, null, []).Metrics?.Single();

    // One of the neutral fillings must have the same kinds of token, with the same text wherever no value stands.
    private static void AssertSameTokens(string template, string filled, Lexer lexer, string[] neutrals)
    {
        Assert.True(lexer(filled, out IReadOnlyList<Token> found, out string? problem), problem);
        string shape = Shape(filled, found);
        var shapes = new List<string>();
        foreach (string a in neutrals)
        {
            foreach (string b in neutrals)
            {
                foreach (string c in neutrals)
                {
                    string neutral = template.Replace("{{args.a}}", a).Replace("{{args.b}}", b).Replace("{{args.c}}", c);
                    if (lexer(neutral, out IReadOnlyList<Token> expected, out _))
                    {
                        shapes.Add(Shape(neutral, expected));
                    }
                }
            }
        }

        Assert.Contains(shape, shapes);
    }

    private static string Shape(string text, IReadOnlyList<Token> tokens) => string.Join(
        ' ', tokens.Select(t => t.Kind is TokenKind.Operator or TokenKind.Keyword ? t.Of(text).ToString() : t.Kind.ToString()));
}

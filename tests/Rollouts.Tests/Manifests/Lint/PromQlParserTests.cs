using Rollouts.Manifests.Lint.PromQl;

namespace Rollouts.Tests.Manifests.Lint;

public sealed class PromQlParserTests
{
    [Theory]
    [InlineData("1 + 2 * 3", "(+ 1 (* 2 3))")]
    [InlineData("1 - 2 - 3", "(- (- 1 2) 3)")]
    [InlineData("2 ^ 3 ^ 2", "(^ 2 (^ 3 2))")]
    [InlineData("-2 ^ 2", "(neg (^ 2 2))")]
    [InlineData("-1 * 2", "(* (neg 1) 2)")]
    [InlineData("a / b or c and d unless e", "(or (/ a b) (unless (and c d) e))")]
    [InlineData("a > bool 1 == b", "(== (> a 1) b)")]
    [InlineData("a * on(x, y) group_left(z) b + c", "(+ (* a b) c)")]
    [InlineData("a * ignoring() group_right b", "(* a b)")]
    [InlineData("(a or b) / c", "(/ (or a b) c)")]
    [InlineData("sum by (le) (rate(x_bucket[5m]))", "(sum by le (rate x_bucket[300]))")]
    [InlineData("sum(x) without (a, b)", "(sum without a,b x)")]
    [InlineData("SUM(x)", "(sum x)")]
    [InlineData("topk(3, x)", "(topk 3 x)")]
    [InlineData("x{a=\"1\", b!~'2', c=~`3`,}", "x{a=1 b!~2 c=~3}")]
    [InlineData("{__name__=\"x\"}", "{__name__=x}")]
    [InlineData("{\"my metric\", a!=\"b\"}", "my metric{a!=b}")]
    [InlineData("x[1h30m] offset 5m", "x[5400]")]
    [InlineData("x offset -1w @ 1609746000", "x")]
    [InlineData("x @ end()", "x")]
    [InlineData("max_over_time(rate(x[5m])[1h:1m])", "(max_over_time (sub 3600 (rate x[300])))")]
    [InlineData("x[5m:]", "(sub 300 x)")]
    [InlineData("x[300]", "x[300]")]
    [InlineData("0x1F + 1_000 + .5 + 1e3 + 5m", "(+ (+ (+ (+ 31 1000) 0.5) 1000) 300)")]
    [InlineData("NaN or Inf", "(or NaN Infinity)")]
    [InlineData("# a comment\nx # another", "x")]
    [InlineData("label_replace(x, \"a\", \"$1\", \"b\", \"(.*)\")", "(label_replace x 'a' '$1' 'b' '(.*)')")]
    [InlineData("job:errors:rate5m{a=\"b\"}", "job:errors:rate5m{a=b}")]
    [InlineData("step + range", "(+ step range)")]
    public void Parse_Query_HasPrometheusStructure(string query, string expected) => Assert.Equal(expected, Show(PromQlParser.Parse(query, [])));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("a +")]
    [InlineData("sum by (a")]
    [InlineData("x{a}b")]
    [InlineData("x{a=b}")]
    [InlineData("x[5m")]
    [InlineData("a ~ b")]
    [InlineData("f(a b)")]
    public void Parse_NoQuery_IsNull(string query) => Assert.Null(PromQlParser.Parse(query, []));

    [Theory]
    [InlineData("(", "x", ")", 30, true)]
    [InlineData("(", "x", ")", 10_000, false)]
    [InlineData("-", "x", "", 10_000, false)]
    [InlineData("x + ", "x", "", 900, true)]
    [InlineData("x + ", "x", "", 100_000, false)]
    [InlineData("x ^ ", "x", "", 900, false)]
    public void Parse_DeepOrLongQuery_IsBounded(string before, string core, string after, int times, bool isParsed)
    {
        PromQlNode? query = PromQlParser.Parse(string.Concat(Enumerable.Repeat(before, times)) + core + string.Concat(Enumerable.Repeat(after, times)), []);

        Assert.Equal(isParsed, query is not null);
        Assert.NotEqual(0, query?.All().Count() ?? 1);
    }

    [Fact]
    public void Parse_OpenPlaces_AreNotKnown()
    {
        var sum = Assert.IsType<BinaryNode>(PromQlParser.Parse("x{a=\"1\",b=\"2\"}[1m] + 1", [5..6, 15..17, 21..22]));

        var selector = Assert.IsType<SelectorNode>(sum.Left);
        Assert.Equal([true, false], selector.Matchers.Select(m => m.IsOpen));
        Assert.Null(selector.Window!.Length);
        Assert.Null(Assert.IsType<NumberNode>(sum.Right).Value);
    }

    private static string Show(PromQlNode? node) => node switch
    {
        null => "nothing",
        NumberNode number => FormattableString.Invariant($"{number.Value}"),
        TextNode text => $"'{text.Value}'",
        SelectorNode selector => selector.Metric
            + (selector.Matchers.Count == 0 ? "" : $"{{{string.Join(' ', selector.Matchers.Select(m => m.Label + m.Operator + m.Value))}}}")
            + (selector.Window is { } window ? FormattableString.Invariant($"[{window.Length?.TotalSeconds}]") : ""),
        SubqueryNode subquery => FormattableString.Invariant($"(sub {subquery.Window.Length?.TotalSeconds} {Show(subquery.Inner)})"),
        AggregationNode aggregation =>
            $"({aggregation.Operator}{(aggregation.Grouping is { } g ? $" {(g.IsWithout ? "without" : "by")} {string.Join(',', g.Labels)}" : "")} {string.Join(' ', aggregation.Arguments.Select(Show))})",
        CallNode call => $"({string.Join(' ', call.Arguments.Select(Show).Prepend(call.Function))})",
        SignedNode signed => signed.IsNegative ? $"(neg {Show(signed.Operand)})" : Show(signed.Operand),
        BinaryNode binary => $"({binary.Operator} {Show(binary.Left)} {Show(binary.Right)})",
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, "not shown"),
    };
}

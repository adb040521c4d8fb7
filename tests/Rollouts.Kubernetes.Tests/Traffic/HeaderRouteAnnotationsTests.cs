using System.Text.RegularExpressions;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

public sealed class HeaderRouteAnnotationsTests
{
    public static TheoryData<string> Literals =>
        ["", "v2", "a.b", "^a$", @"back\slash", "(group)", "[set]", "{1,2}", "a|b", "a+b*c?", "#", "tab\there", "ä€", "(?:x)$", "-", "\\", @"\.", "a b"];

    public static TheoryData<string> BrokenExpressions => ["a)|(b", "(", "[a", "*", "(?x)a #", @"\Qa\E"];

    [Theory]
    [MemberData(nameof(Literals))]
    public void For_Prefix_MatchesItsBeginningAndNothingElse(string literal)
    {
        HeaderMatch match = new("X-Version", HeaderMatchKind.Prefix, literal);

        HeaderRouteAnnotations written = HeaderRouteAnnotations.For([new("r", [match])])!;

        Assert.Matches(written.Pattern!, literal + "tail");
        Assert.True(literal.Length == 0 || !Regex.IsMatch("x" + literal, written.Pattern!));
        Assert.True(literal.Length == 0 || !Regex.IsMatch(literal[..^1] + "\u0001", written.Pattern!));
        Assert.Equal(match, written.ToMatch());
    }

    [Theory]
    [InlineData("a|b", "a", true)]
    [InlineData("a|b", "b", true)]
    [InlineData("a|b", "ab", false)]
    [InlineData("a|b", "xb", false)]
    [InlineData("v[0-9]+", "v12", true)]
    [InlineData("v[0-9]+", "v12-rc", false)]
    public void For_Regex_MatchesTheWholeValue(string expression, string value, bool matches)
    {
        HeaderMatch match = new("X-Version", HeaderMatchKind.Regex, expression);

        HeaderRouteAnnotations written = HeaderRouteAnnotations.For([new("r", [match])])!;

        Assert.Equal(matches, Regex.IsMatch(value, written.Pattern!));
        Assert.Equal(match, written.ToMatch());
    }

    [Theory]
    [MemberData(nameof(BrokenExpressions))]
    public void For_BrokenRegex_IsInvalid(string expression) =>
        Assert.Contains("no regular expression", Refusal(new HeaderMatch("X-Version", HeaderMatchKind.Regex, expression)), StringComparison.Ordinal);

    [Theory]
    [InlineData("X Version")]
    [InlineData("X:Version")]
    [InlineData("")]
    [InlineData("X-Version\n")]
    public void For_HeaderThatTheControllerCantRead_IsInvalid(string header) =>
        Assert.Contains("letters, digits", Refusal(new HeaderMatch(header, HeaderMatchKind.Exact, "1")), StringComparison.Ordinal);

    [Fact]
    public void For_ExactEmpty_IsInvalid() =>
        Assert.Contains("empty value", Refusal(new HeaderMatch("X-Version", HeaderMatchKind.Exact, "")), StringComparison.Ordinal);

    [Fact]
    public void For_TwoHeaders_IsInvalid() => Assert.Contains(
        "exactly one header",
        Refusal(new HeaderMatch("A", HeaderMatchKind.Exact, "1"), new("B", HeaderMatchKind.Exact, "2")),
        StringComparison.Ordinal);

    [Fact]
    public void For_TwoRoutes_IsInvalid()
    {
        HeaderMatch match = new("A", HeaderMatchKind.Exact, "1");

        PortException refusal = Assert.Throws<PortException>(() => HeaderRouteAnnotations.For([new("one", [match]), new("two", [match])]));

        Assert.Equal(FailureKind.Invalid, refusal.Kind);
        Assert.Contains("one, two", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void For_NoRoute_IsNull() => Assert.Null(HeaderRouteAnnotations.For([]));

    [Theory]
    [InlineData("yes", "^no", HeaderMatchKind.Exact, "yes")]
    [InlineData(null, null, HeaderMatchKind.Exact, "always")]
    [InlineData("", "^a", HeaderMatchKind.Prefix, "a")]
    [InlineData(null, "a.c", HeaderMatchKind.Regex, ".*(?:a.c).*")]
    [InlineData(null, "^a.c", HeaderMatchKind.Regex, ".*(?:^a.c).*")]
    public void ToMatch_AnnotationsOfSomebodyElse_IsWhatTheControllerDoes(string? value, string? pattern, HeaderMatchKind kind, string text) =>
        Assert.Equal(new HeaderMatch("X", kind, text), new HeaderRouteAnnotations("X", value, pattern).ToMatch());

    private static string Refusal(params IReadOnlyList<HeaderMatch> match)
    {
        PortException refusal = Assert.Throws<PortException>(() => HeaderRouteAnnotations.For([new("r", match)]));
        Assert.Equal(FailureKind.Invalid, refusal.Kind);
        return refusal.Message;
    }
}

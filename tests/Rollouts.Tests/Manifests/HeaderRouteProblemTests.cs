namespace Rollouts.Tests.Manifests;

public sealed class HeaderRouteProblemTests
{
    private const string First = "      - setWeight: 5\n";

    private const string Path = "a.yaml:14: spec.strategy.canary.steps[0].setHeaderRoute";

    [Theory]
    [InlineData("{match: []}", ".name: is required: the route's name")]
    [InlineData("{name: r, match: {}}", ".match: must be a list; found an object")]
    [InlineData("{name: r, match: [{headerName: A}]}", ".match[0].headerValue: is required: one of exact, prefix, regex")]
    [InlineData("{name: r, match: [{headerValue: {exact: a}}]}", ".match[0].headerName: is required: the header that is compared")]
    [InlineData("{name: r, match: [{headerName: a b, headerValue: {exact: a}}]}", ".match[0].headerName: \"a b\" is no header name; it must be of letters, digits, - and _, at most 100")]
    [InlineData("{name: r, match: [{headerName: A, headerValue: {}}]}", ".match[0].headerValue: StringMatch value missed, match value must have one of the following: exact, regex, prefix")]
    [InlineData("{name: r, match: [{headerName: A, headerValue: {exact: a, regex: b}}]}", ".match[0].headerValue: StringMatch match value must have exactly one of the following: exact, regex, prefix")]
    [InlineData("{name: r, match: [{headerName: A, headerValue: {exact: yes}}]}", ".match[0].headerValue.exact: must be a text; yes is read as a boolean, so put it in quotes: \"yes\"")]
    [InlineData("{name: r, match: [{headerName: A, headerValue: {exact: ''}}]}", ".match[0].headerValue.exact: must have 1 to 500 characters")]
    [InlineData("{name: r, match: [{headerName: A, headerValue: {prefix: a b}}]}", ".match[0].headerValue.prefix: may hold only letters, digits and - . _ ~ / : here; ingress-nginx ignores a canary with anything else")]
    [InlineData("{name: r, match: [{headerName: A, headerValue: {regex: a b}}]}", ".match[0].headerValue.regex: may hold only letters, digits, - . _ ~ / : and ^ $ [ ] ( ) { } * + ? | & = \\ here; ingress-nginx ignores a canary with anything else")]
    [InlineData("{name: r, match: [{headerName: A, headerValue: {regex: \"(\"}}]}", ".match[0].headerValue.regex: is no regular expression: Invalid pattern '(' at offset 1. Not enough )'s.")]
    [InlineData("{name: r, match: [{headerName: A, headerValue: {regex: \"a(?=b)\"}}]}", ".match[0].headerValue.regex: is no regular expression of RE2, whose syntax all routers read alike: error parsing regexp: invalid or unsupported Perl syntax in `a(?=b)`")]
    [InlineData("{name: r, match: [{headerName: A, headerValue: {regex: \"(a)b\\\\1\"}}]}", ".match[0].headerValue.regex: is no regular expression of RE2, whose syntax all routers read alike: error parsing regexp: invalid escape sequence: `\\1` in `(a)b\\1`")]
    [InlineData("{name: r, match: [{headerName: A, headerValue: {exact: a}}, {headerName: B, headerValue: {exact: b}}]}", ".match[1]: a second match is not supported: an ingress-nginx canary compares one header with one value or pattern; join the values in one regex")]
    [InlineData("{name: r, matches: []}", ".matches: unknown field, did you mean match?; supported are name, match", ".name: warning: removes \"r\", which no step before has set")]
    [InlineData("{name: r}", ".name: warning: removes \"r\", which no step before has set")]
    public void Read_HeaderRouteWrong_SaysWhatIsAllowed(string route, params string[] expected) =>
        Assert.Equal(expected.Select(e => Path + e), Manifest.ProblemsAfter(First, $"      - setHeaderRoute: {route}\n"));

    [Fact]
    public void Read_SecondLiveRoute_IsRefusedUntilTheFirstIsRemoved()
    {
        const string A = "      - setHeaderRoute: {name: a, match: [{headerName: A, headerValue: {exact: x}}]}\n";
        const string B = "      - setHeaderRoute: {name: b, match: [{headerName: B, headerValue: {exact: x}}]}\n";
        const string WithoutA = "      - setHeaderRoute: {name: a}\n";

        Assert.Equal(
            ["a.yaml:15: spec.strategy.canary.steps[1].setHeaderRoute.name: \"b\" is set while \"a\" is live: an ingress-nginx canary carries one header route; remove \"a\" before, by a setHeaderRoute step with its name and without match"],
            Manifest.ProblemsAfter(First, A + B));
        Assert.Empty(Manifest.ProblemsAfter(First, A + WithoutA + B));
        Assert.Empty(Manifest.ProblemsAfter(First, A + A));
    }

    [Theory]
    [InlineData("[{name: internal}]", "a.yaml:15: spec.strategy.canary.steps[0].setHeaderRoute.name: \"internl\" is not among trafficRouting.managedRoutes (internal), did you mean internal?; add it there")]
    [InlineData("[]", "a.yaml:15: spec.strategy.canary.steps[0].setHeaderRoute.name: \"internl\" is not among trafficRouting.managedRoutes (none); add it there")]
    [InlineData("[{name: internl}, {name: internl}]", "a.yaml:13: spec.strategy.canary.trafficRouting.managedRoutes[1].name: names \"internl\" a second time; name each route once")]
    [InlineData("[{name: internl}, {}]", "a.yaml:13: spec.strategy.canary.trafficRouting.managedRoutes[1].name: is required: the route's name")]
    [InlineData("[{name: internl}]")]
    public void Read_ManagedRoutes_MustHoldTheName(string managed, params string[] expected) =>
        Assert.Equal(
            expected,
            Manifest.ProblemsAfter(
                "          stableIngress: web\n      steps:\n",
                $"          stableIngress: web\n        managedRoutes: {managed}\n      steps:\n"
                + "      - setHeaderRoute: {name: internl, match: [{headerName: A, headerValue: {exact: a}}]}\n"));
}

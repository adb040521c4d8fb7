using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Sandbox.Tests.Ingress;

/// <summary>A header route of a release beside a weight, as the router writes it and a real nginx serves it.</summary>
public sealed class HeaderRouteServingTests(NginxFixture nginx)
{
    private const int Requests = 4;

    [Theory]
    [InlineData(HeaderMatchKind.Exact, "canary", "canary", true)]
    [InlineData(HeaderMatchKind.Exact, "canary", "canary-2", false)]
    [InlineData(HeaderMatchKind.Exact, "canary", "Canary", false)]
    [InlineData(HeaderMatchKind.Exact, "a.b", "axb", false)]
    [InlineData(HeaderMatchKind.Exact, "always", "always", true)]
    [InlineData(HeaderMatchKind.Exact, "never", "never", true)]
    [InlineData(HeaderMatchKind.Prefix, "staff-", "staff-kim", true)]
    [InlineData(HeaderMatchKind.Prefix, "staff-", "staff-", true)]
    [InlineData(HeaderMatchKind.Prefix, "staff-", "staff", false)]
    [InlineData(HeaderMatchKind.Prefix, "staff-", "ex-staff-kim", false)]
    [InlineData(HeaderMatchKind.Prefix, "v1.2", "v1.2.9", true)]
    [InlineData(HeaderMatchKind.Prefix, "v1.2", "v1x2", false)]
    [InlineData(HeaderMatchKind.Regex, "v[0-9]+", "v12", true)]
    [InlineData(HeaderMatchKind.Regex, "v[0-9]+", "v12-rc", false)]
    [InlineData(HeaderMatchKind.Regex, "v[0-9]+", "xv12", false)]
    [InlineData(HeaderMatchKind.Regex, "kim|lee", "lee", true)]
    [InlineData(HeaderMatchKind.Regex, "kim|lee", "kimlee", false)]
    [InlineData(HeaderMatchKind.Regex, "(kim|lee)(@shop)?", "kim@shop", true)]
    [InlineData(HeaderMatchKind.Regex, @"\d{2,3}", "1234", false)]
    public async Task Serve_RouteBesideAWeight_TakesItsRequestsAndLeavesTheOthersToTheWeight(HeaderMatchKind kind, string text, string value, bool matches)
    {
        HeaderRouteAnnotations route = HeaderRouteAnnotations.For([new("internal", [new HeaderMatch("X-User", kind, text)])])!;

        Assert.Equal(matches ? Requests : 0, await CanaryAnswersAsync(route, weight: 0, ("X-User", value)));
        Assert.Equal(0, await CanaryAnswersAsync(route, weight: 0));
        // Whoever the route does not take is still a user of the weight.
        Assert.Equal(Requests, await CanaryAnswersAsync(route, weight: 100, ("X-User", value)));
        Assert.Equal(Requests, await CanaryAnswersAsync(route, weight: 100));
    }

    private async Task<int> CanaryAnswersAsync(HeaderRouteAnnotations route, int weight, params (string Name, string Value)[] headers)
    {
        List<(string Name, string Value)> annotations = [("canary-weight", $"{weight}"), ("canary-by-header", route.Header)];
        if (route.Value is { } value)
            annotations.Add(("canary-by-header-value", value));
        if (route.Pattern is { } pattern)
            annotations.Add(("canary-by-header-pattern", pattern));
        using var turn = await nginx.ServeAsync([.. annotations]);
        return await turn.CanaryAnswersAsync(Requests, headers);
    }
}

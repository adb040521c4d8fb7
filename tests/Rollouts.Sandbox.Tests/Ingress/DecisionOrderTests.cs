namespace Rollouts.Sandbox.Tests.Ingress;

/// <summary>ingress-nginx's decision order (header, cookie, weight) as a real nginx serves it.</summary>
public sealed class DecisionOrderTests(NginxFixture nginx)
{
    private const int Few = 20;

    [Theory]
    // canary-by-header alone: always and never decide, any other value falls through.
    [InlineData("by-header=X-Internal; weight=0", "X-Internal: always", true)]
    [InlineData("by-header=X-Internal; weight=100", "X-Internal: never", false)]
    [InlineData("by-header=X-Internal; weight=100", "X-Internal: other", true)]
    [InlineData("by-header=X-Internal; weight=0", "X-Internal: Always", false)]
    [InlineData("by-header=X-Internal; weight=0", "x-internal: always", true)]
    [InlineData("by-header=X-Internal; weight=100", "", true)]
    // With a value: equality, and always and never lose their meaning.
    [InlineData("by-header=X-Internal; by-header-value=canary; weight=0", "X-Internal: canary", true)]
    [InlineData("by-header=X-Internal; by-header-value=canary; weight=0", "X-Internal: Canary", false)]
    [InlineData("by-header=X-Internal; by-header-value=canary; weight=0", "X-Internal: canary2", false)]
    [InlineData("by-header=X-Internal; by-header-value=canary; weight=0", "X-Internal: always", false)]
    [InlineData("by-header=X-Internal; by-header-value=canary; weight=100", "X-Internal: never", true)]
    [InlineData("by-header=X-Internal; by-header-value=a.c; weight=0", "X-Internal: abc", false)]
    [InlineData("by-header=X-Internal; by-header-value=a.c; weight=0", "X-Internal: a.c", true)]
    // With a pattern: searched for, ignored beside a value; a broken one keeps the request from the canary.
    [InlineData("by-header=X-Internal; by-header-pattern=^(qa|dev)-; weight=0", "X-Internal: dev-7", true)]
    [InlineData("by-header=X-Internal; by-header-pattern=^(qa|dev)-; weight=0", "X-Internal: DEV-7", false)]
    [InlineData("by-header=X-Internal; by-header-pattern=\\d{2}\"?$; weight=0", "X-Internal: n42", true)]
    [InlineData("by-header=X-Internal; by-header-pattern=.*; weight=0", "", false)]
    [InlineData("by-header=X-Internal; by-header-pattern=(; weight=100", "X-Internal: (", false)]
    [InlineData("by-header=X-Internal; by-header-pattern=(; weight=100", "", true)]
    [InlineData("by-header=X-Internal; by-header-value=a; by-header-pattern=b; weight=0", "X-Internal: b", false)]
    // The cookie: always and never only.
    [InlineData("by-cookie=beta; weight=0", "Cookie: beta=always", true)]
    [InlineData("by-cookie=beta; weight=0", "Cookie: a=b; beta=always; c=d", true)]
    [InlineData("by-cookie=beta; weight=0", "Cookie: alphabeta=always", false)]
    [InlineData("by-cookie=beta; weight=100", "Cookie: beta=never", false)]
    [InlineData("by-cookie=beta; weight=100", "Cookie: beta=sometimes", true)]
    [InlineData("by-cookie=my-beta; weight=0", "Cookie: my-beta=always", true)]
    // Header before cookie before weight.
    [InlineData("by-header=X-Internal; by-cookie=beta; weight=0", "X-Internal: never | Cookie: beta=always", false)]
    [InlineData("by-header=X-Internal; by-cookie=beta; weight=100", "X-Internal: always | Cookie: beta=never", true)]
    [InlineData("by-header=X-Internal; by-header-value=canary; by-cookie=beta; weight=0", "X-Internal: no | Cookie: beta=always", true)]
    [InlineData("by-header=X-Internal; by-header-value=canary; by-cookie=beta; weight=100", "X-Internal: no | Cookie: beta=never", false)]
    public async Task Serve_Request_GoesWhereIngressNginxSendsIt(string annotations, string headers, bool toCanary)
    {
        using var turn = await nginx.ServeAsync([.. Pairs(annotations, "; ", '=').Select(pair => ("canary-" + pair.Name, pair.Value))]);

        var canaryAnswers = await turn.CanaryAnswersAsync(Few, [.. Pairs(headers, " | ", ':')]);

        Assert.Equal(toCanary ? Few : 0, canaryAnswers);
    }

    [Theory]
    [InlineData(0, 100, 0.0)]
    [InlineData(5, 100, 0.05)]
    [InlineData(25, 100, 0.25)]
    [InlineData(50, 100, 0.5)]
    [InlineData(100, 100, 1.0)]
    [InlineData(25, 1000, 0.025)]
    [InlineData(25, 50, 0.25)]
    public async Task Serve_Weight_SendsItsShareToTheCanary(int weight, int total, double share)
    {
        const int requests = 4000;
        using var turn = await nginx.ServeAsync(("canary-weight", weight.ToString()), ("canary-weight-total", total.ToString()));

        var canaryAnswers = await turn.CanaryAnswersAsync(requests);

        // Five standard deviations of a fair draw: a right split fails once in two million runs.
        var tolerance = 5 * Math.Sqrt(requests * share * (1 - share));
        Assert.InRange(canaryAnswers, (requests * share) - tolerance, (requests * share) + tolerance);
        var counts = await turn.CountsAsync(requests);
        Assert.Equal(canaryAnswers, counts.WeightedCanary);
        Assert.Equal(requests, counts.Weighted);
    }

    [Fact]
    public async Task Traffic_HeaderCookieAndWeight_AreCountedApart()
    {
        using var turn = await nginx.ServeAsync(
            ("canary-by-header", "X-Internal"), ("canary-by-cookie", "beta"), ("canary-weight", "100"));

        await turn.CanaryAnswersAsync(3, ("X-Internal", "always"));
        await turn.CanaryAnswersAsync(4, ("X-Internal", "never"));
        await turn.CanaryAnswersAsync(5, ("Cookie", "beta=always"));
        await turn.CanaryAnswersAsync(6, ("Cookie", "beta=never"));
        await turn.CanaryAnswersAsync(7);

        var counts = await turn.CountsAsync(25);
        Assert.Equal(
            (3, 4, 5, 6, 7, 0, 25),
            (counts.HeaderCanary, counts.HeaderMain, counts.CookieCanary, counts.CookieMain, counts.WeightedCanary, counts.WeightedMain, counts.Total));
        Assert.Equal(1.0, counts.WeightedShare);
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string text, string separator, char assignment) =>
        text.Split(separator, StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split(assignment, 2))
            .Select(pair => (pair[0].Trim(), pair[1].Trim()));
}

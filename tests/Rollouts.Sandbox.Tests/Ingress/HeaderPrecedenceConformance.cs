using Rollouts.Tests.Conformance;

namespace Rollouts.Sandbox.Tests.Ingress;

/// <summary>Which version a request gets by header, cookie and weight, in this order, as a real nginx with the sandbox's configuration decides it.</summary>
public sealed class HeaderPrecedenceConformance(NginxFixture nginx)
{
    private const int Requests = 5;

    public static IEnumerable<TheoryDataRow<PrecedenceRow>> Rows => ConformanceRows.Read<PrecedenceRow>("header-precedence.jsonl");

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Serve_Request_GoesWhereIngressNginxSendsIt(PrecedenceRow row)
    {
        using var turn = await nginx.ServeAsync([.. row.Annotations.Select(a => ($"canary-{a.Key}", a.Value))]);

        var canaryAnswers = await turn.CanaryAnswersAsync(Requests, [.. row.Headers.Select(h => (h.Key, h.Value))]);

        Assert.Equal(row.To == "canary" ? Requests : 0, canaryAnswers);
    }
}

/// <param name="Source">Where ingress-nginx says so.</param>
/// <param name="Annotations">The canary's, without <c>nginx.ingress.kubernetes.io/canary-</c>.</param>
/// <param name="Headers">The request's.</param>
/// <param name="To"><c>canary</c> or <c>stable</c>.</param>
public sealed record PrecedenceRow(
    string Source, IReadOnlyDictionary<string, string> Annotations, IReadOnlyDictionary<string, string> Headers, string To) : IConformanceRow;

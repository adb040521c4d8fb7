using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Rollouts.Cli.Local;
using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Prometheus;
using Rollouts.Sandbox;
using Rollouts.Sandbox.Ingress;
using Rollouts.Web;

namespace Rollouts.Cli.Tests.Local;

/// <summary>The share of requests that the canary really gets, with real nginx and real Prometheus.</summary>
public sealed class WeightVerificationTests : IDisposable
{
    private readonly TemporaryFiles files = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => files.Dispose();

    /// <summary>The weight is written and read back; only the requests tell that it does not reach the new version.</summary>
    [Fact]
    public async Task SetWeight_CanaryServiceLeadsToTheStableVersion_IsHeldUntilThatIsMended()
    {
        await using SandboxCluster sandbox = await SandboxCluster.StartAsync(new(), TimeProvider.System, Cancellation);
        string right = await AddressAsync(sandbox, SandboxNames.CanaryService);
        await LeadAsync(sandbox, await AddressAsync(sandbox, SandboxNames.StableService));
        await using LocalEngine local = await LocalEngine.OpenAsync(
            files.PathOf("rollouts.db"),
            sandbox.Client,
            PrometheusOptions.For(sandbox.Prometheus.ToString()),
            new WebOptions(),
            NullLoggerFactory.Instance,
            Cancellation);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(3));

        string id = (await local.Engine.StartAsync(ReleaseOf(sandbox.Options.CanaryHash), "pipeline", limit.Token)).Status!.Id;
        string held = await EntryAsync(local.Engine, id, EventType.WeightVerifyError, limit.Token);
        RolloutStatus waiting = (await local.Engine.FindAsync(id, limit.Token))!;
        await LeadAsync(sandbox, right);
        string verified = await EntryAsync(local.Engine, id, EventType.WeightVerified, limit.Token);
        RolloutStatus ended = (await local.Engine.WaitAsync(id, s => s.Outcome is not null, limit.Token))!;

        Assert.Matches(@"^The step is held: the canary got 0 of \d+ requests, 0 %; its weight is 40 %", held);
        Assert.Equal((40, 0), (waiting.Weight, waiting.Step));
        Assert.Matches(@"^The weight is verified: the canary got [1-9]\d* of \d+ requests", verified);
        Assert.Equal(RolloutOutcome.Promoted, ended.Outcome);
    }

    private static async Task<string> EntryAsync(IRolloutControl engine, string id, string type, CancellationToken cancellationToken)
    {
        while (true)
        {
            IReadOnlyList<JournalRecord> journal = (await engine.ReadJournalAsync(id, 0, 500, cancellationToken))!;
            if (journal.Select(r => r.Entry).FirstOrDefault(e => e?.Type == type) is { } entry)
            {
                return entry.Message;
            }

            await Task.Delay(200, cancellationToken);
        }
    }

    private static async Task<string> AddressAsync(SandboxCluster sandbox, string service) =>
        ServiceAddress.Of(await sandbox.Client.CoreV1.ReadNamespacedServiceAsync(service, SandboxNames.Namespace, cancellationToken: Cancellation))!;

    private static Task LeadAsync(SandboxCluster sandbox, string address) => sandbox.Client.CoreV1.PatchNamespacedServiceAsync(
        new V1Patch($$$"""{"metadata":{"annotations":{"{{{ServiceAddress.Annotation}}}":"{{{address}}}"} } }""", V1Patch.PatchType.MergePatch),
        SandboxNames.CanaryService,
        SandboxNames.Namespace,
        cancellationToken: Cancellation);

    private static Release ReleaseOf(string canaryHash) => ReleaseReader.Read(
    [
        new("release.yaml", $$$"""
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: { name: checkout, namespace: demo }
            spec:
              strategy:
                canary:
                  stableService: checkout-stable
                  canaryService: checkout-canary
                  trafficRouting: { nginx: { stableIngress: checkout } }
                  steps:
                  - setWeight: 40
                  - pause: { duration: 1s }
            ---
            apiVersion: rolloutfunctions/v1
            kind: RolloutPolicy
            metadata: { name: checkout, namespace: demo }
            spec:
              weightVerification:
                window: 15s
                minimumRequests: 50
                for: 5m
                canary: sum(increase(http_requests_total{job="checkout",version="{{{canaryHash}}}"}[15s]))
                total: sum(increase(http_requests_total{job="checkout"}[15s]))
            """),
    ]).Release!;
}

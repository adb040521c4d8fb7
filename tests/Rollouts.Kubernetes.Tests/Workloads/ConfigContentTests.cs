using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Workloads;

namespace Rollouts.Kubernetes.Tests.Workloads;

/// <summary>ConfigMaps and Secrets that a template names are part of its revision.</summary>
public abstract class ConfigContentContract(ITestCluster cluster) : WorkloadTest(cluster)
{
    private const string Secret = "tr0ub4dor";

    public static TheoryData<string> Places => new()
    {
        """{"containers":[{"name":"shop","image":"shop:1","env":[{"name":"A","valueFrom":{"configMapKeyRef":{"name":"settings","key":"a"}}}]}]}""",
        """{"containers":[{"name":"shop","image":"shop:1","envFrom":[{"configMapRef":{"name":"settings"}}]}]}""",
        """{"containers":[{"name":"shop","image":"shop:1"}],"initContainers":[{"name":"first","image":"shop:1","envFrom":[{"configMapRef":{"name":"settings"}}]}]}""",
        """{"containers":[{"name":"shop","image":"shop:1"}],"volumes":[{"name":"v","configMap":{"name":"settings"}}]}""",
        """{"containers":[{"name":"shop","image":"shop:1"}],"volumes":[{"name":"v","projected":{"sources":[{"configMap":{"name":"settings"}}]}}]}""",
    };

    public static TheoryData<string> SecretPlaces => new()
    {
        """{"containers":[{"name":"shop","image":"shop:1","env":[{"name":"A","valueFrom":{"secretKeyRef":{"name":"keys","key":"a"}}}]}]}""",
        """{"containers":[{"name":"shop","image":"shop:1","envFrom":[{"secretRef":{"name":"keys"}}]}]}""",
        """{"containers":[{"name":"shop","image":"shop:1"}],"volumes":[{"name":"v","secret":{"secretName":"keys"}}]}""",
        """{"containers":[{"name":"shop","image":"shop:1"}],"volumes":[{"name":"v","projected":{"sources":[{"secret":{"name":"keys"}}]}}]}""",
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Resolve_ConfigMapChanges_IsAnotherRevision(string spec)
    {
        await ConfigMapAsync("settings", "one");
        string? before = await RevisionAsync(spec);
        Assert.Equal(before, await RevisionAsync(spec));

        await Client.PatchNamespacedConfigMapAsync(
            new V1Patch("""{"data":{"a":"two"}}""", V1Patch.PatchType.MergePatch), "settings", Namespace, cancellationToken: Cancellation);

        Assert.NotEqual(before, await RevisionAsync(spec));
    }

    [Theory]
    [MemberData(nameof(SecretPlaces))]
    public async Task Resolve_SecretChanges_IsAnotherRevision(string spec)
    {
        await SecretAsync("keys", Secret);
        string? before = await RevisionAsync(spec);
        Assert.Equal(before, await RevisionAsync(spec));

        await Client.PatchNamespacedSecretAsync(
            new V1Patch("""{"stringData":{"a":"two"}}""", V1Patch.PatchType.MergePatch), "keys", Namespace, cancellationToken: Cancellation);

        Assert.NotEqual(before, await RevisionAsync(spec));
    }

    [Fact]
    public async Task Resolve_SecretMadeAnewWithTheSameContent_IsAnotherRevision()
    {
        // The revision can't be computed from a guess of the content: it depends on what only readers of the Secret know.
        string spec = SecretPlaces.First().Data;
        await SecretAsync("keys", Secret);
        string? before = await RevisionAsync(spec);
        await Client.DeleteNamespacedSecretAsync("keys", Namespace, cancellationToken: Cancellation);
        await SecretAsync("keys", Secret);

        Assert.NotEqual(before, await RevisionAsync(spec));
    }

    [Fact]
    public async Task Resolve_OptedOut_ContentIsOfNoConsequence()
    {
        string spec = Places.First().Data;
        await ConfigMapAsync("settings", "one", optOut: true);
        string? before = await RevisionAsync(spec);
        await Client.PatchNamespacedConfigMapAsync(
            new V1Patch("""{"data":{"a":"two"}}""", V1Patch.PatchType.MergePatch), "settings", Namespace, cancellationToken: Cancellation);

        Assert.Equal(before, await RevisionAsync(spec));
    }

    [Fact]
    public async Task Resolve_TemplateOptsOut_NothingIsRead()
    {
        WorkloadSpec workload = Unresolved("shop:1", SecretPlaces.First().Data);
        workload = workload with
        {
            Template = workload.Template!.Replace("\"labels\"", "\"annotations\":{\"rolloutfunctions/config-tracking\":\"disabled\"},\"labels\"", StringComparison.Ordinal),
        };
        Requests.Forget();

        Assert.NotNull((await ResolvedAsync(workload)).Revision);
        Assert.Empty(Requests.Requests);
    }

    [Fact]
    public async Task Resolve_MissingOne_IsNamedUnlessOptional()
    {
        string spec = Places.First().Data;
        PortException refusal = await RefusedAsync(FailureKind.NotFound, () => ResolvedAsync(Unresolved("shop:1", spec)));
        string optional = spec.Replace("\"key\":\"a\"", "\"key\":\"a\",\"optional\":true", StringComparison.Ordinal);
        string? without = await RevisionAsync(optional);
        await ConfigMapAsync("settings", "one");

        Assert.Contains("ConfigMap `settings`, which the pod template names, not found", refusal.Message, StringComparison.Ordinal);
        Assert.NotEqual(without, await RevisionAsync(optional));
    }

    [Fact]
    public async Task Resolve_ResolvedAlready_ComesBackAsItIs()
    {
        WorkloadSpec resolved = Unresolved("shop:1", SecretPlaces.First().Data) with { Revision = "0123456789" };

        Assert.Same(resolved, await ResolvedAsync(resolved));
    }

    private async Task<string?> RevisionAsync(string spec) => (await ResolvedAsync(Unresolved("shop:1", spec))).Revision;

    private Task ConfigMapAsync(string name, string value, bool optOut = false) => Client.CreateNamespacedConfigMapAsync(
        new V1ConfigMap
        {
            Metadata = new()
            {
                Name = name,
                Annotations = optOut ? new Dictionary<string, string> { ["rolloutfunctions/config-tracking"] = "disabled" } : null,
            },
            Data = new Dictionary<string, string> { ["a"] = value },
        },
        Namespace,
        cancellationToken: Cancellation);

    private Task SecretAsync(string name, string value) => Client.CreateNamespacedSecretAsync(
        new V1Secret { Metadata = new() { Name = name }, StringData = new Dictionary<string, string> { ["a"] = value } }, Namespace, cancellationToken: Cancellation);
}

/// <summary>On the real server.</summary>
public sealed class RealConfigContentTests(WorkloadCluster cluster) : ConfigContentContract(cluster);

/// <summary>On the stand-in of the sandbox.</summary>
public sealed class SandboxConfigContentTests(SandboxCluster cluster) : ConfigContentContract(cluster);

using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Analysis;
using Rollouts.Kubernetes.Analysis;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Manifests;

namespace Rollouts.Kubernetes.Tests.Analysis;

/// <summary>What <c>infra/kubernetes/analysis.yaml</c> grants: enough for templates and the Secrets that they name, and nothing beside.</summary>
public sealed class AnalysisRoleTests(RealCluster cluster) : IAsyncLifetime
{
    private const string Group = "argoproj.io";

    private static readonly Rbacv1Subject[] s_subjects =
        [new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "User", Name = ITestCluster.RestrictedUser }];

    private readonly string name = $"rollouts-analysis-{Guid.NewGuid():N}";

    private k8s.Kubernetes admin = null!;

    private k8s.Kubernetes restricted = null!;

    private string ns = "";

    public static TheoryData<string> Rights => new("analysistemplates", "clusteranalysistemplates", "secrets");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        admin = await cluster.AdminAsync();
        restricted = await cluster.RestrictedAsync();
        await CustomResources.EstablishedAsync(admin, Group, "v1alpha1", "analysistemplates", "AnalysisTemplate", Cancellation);
        await CustomResources.EstablishedAsync(admin, Group, "v1alpha1", "clusteranalysistemplates", "ClusterAnalysisTemplate", Cancellation, "Cluster");
        ns = await admin.CreateTestNamespaceAsync(Cancellation);
        await admin.CustomObjects.CreateNamespacedCustomObjectAsync<JsonObject>(
            Template("AnalysisTemplate", "error-rate"), Group, "v1alpha1", ns, "analysistemplates", cancellationToken: Cancellation);
        await admin.CustomObjects.CreateClusterCustomObjectAsync<JsonObject>(
            Template("ClusterAnalysisTemplate", name), Group, "v1alpha1", "clusteranalysistemplates", cancellationToken: Cancellation);
        foreach (string secret in (string[])["metrics", "payments"])
        {
            await admin.CreateNamespacedSecretAsync(
                new V1Secret { Metadata = new() { Name = secret }, StringData = new Dictionary<string, string> { ["token"] = "s3cret" } },
                ns,
                cancellationToken: Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await admin.DeleteNamespaceAsync(ns, cancellationToken: CancellationToken.None);
        await admin.CustomObjects.DeleteClusterCustomObjectAsync(Group, "v1alpha1", "clusteranalysistemplates", name, cancellationToken: CancellationToken.None);
        await admin.RbacAuthorizationV1.DeleteCollectionClusterRoleBindingAsync(labelSelector: $"test={name}", cancellationToken: CancellationToken.None);
        await admin.RbacAuthorizationV1.DeleteCollectionClusterRoleAsync(labelSelector: $"test={name}", cancellationToken: CancellationToken.None);
        restricted.Dispose();
        admin.Dispose();
    }

    [Fact]
    public async Task Roles_AsShipped_AreEnoughAndOpenNoOtherSecret()
    {
        await GrantAsync(without: null);

        await ReadAllAsync();

        PortException refusal = await Assert.ThrowsAsync<PortException>(() => ReadSecretAsync("payments"));
        Assert.Equal(FailureKind.Forbidden, refusal.Kind);
        Assert.DoesNotContain("s3cret", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task Roles_OneVerbLess_FailByItsName(string resource)
    {
        await GrantAsync(without: resource);

        PortException refusal = await Assert.ThrowsAsync<PortException>(ReadAllAsync);

        Assert.Equal(FailureKind.Forbidden, refusal.Kind);
        Assert.Contains($"needs get on {resource}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Roles_EveryVerb_IsOneThatIsTakenAwayInATest() => Assert.Equal(
        Rights.Select(r => (r.Data, "get")).Order(),
        Shipped().SelectMany(o => Rules(o)).SelectMany(r => r.Verbs.Select(v => (r.Resources.Single(), v))).Order());

    private async Task ReadAllAsync()
    {
        ClusterTemplateSource templates = new(restricted, TimeProvider.System);
        Assert.NotNull(await templates.FindAsync(new(ns), new TemplateReference("error-rate", false), Cancellation));
        Assert.NotNull(await templates.FindAsync(new(ns), new TemplateReference(name, true), Cancellation));
        Assert.Equal("s3cret", await ReadSecretAsync("metrics"));
    }

    private Task<string> ReadSecretAsync(string secret) =>
        new ClusterSecretSource(restricted, TimeProvider.System).ReadAsync(new(ns), new SecretReference(secret, "token"), Cancellation);

    private static IEnumerable<object> Shipped() =>
        KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "kubernetes", "analysis.yaml")));

    private static IList<V1PolicyRule> Rules(object shipped) => shipped is V1Role role ? role.Rules : ((V1ClusterRole)shipped).Rules;

    private async Task GrantAsync(string? without)
    {
        V1ObjectMeta meta = new() { Name = name, Labels = new Dictionary<string, string> { ["test"] = name } };
        foreach (object shipped in Shipped())
        {
            V1PolicyRule[] rules = [.. Rules(shipped).Where(r => !r.Resources.Contains(without))];
            if (shipped is V1Role)
            {
                await admin.RbacAuthorizationV1.CreateNamespacedRoleAsync(new V1Role { Metadata = meta, Rules = rules }, ns, cancellationToken: Cancellation);
                V1RoleBinding binding = new() { Metadata = meta, RoleRef = Ref("Role"), Subjects = s_subjects };
                await admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(binding, ns, cancellationToken: Cancellation);
            }
            else
            {
                await admin.RbacAuthorizationV1.CreateClusterRoleAsync(new V1ClusterRole { Metadata = meta, Rules = rules }, cancellationToken: Cancellation);
                V1ClusterRoleBinding binding = new() { Metadata = meta, RoleRef = Ref("ClusterRole"), Subjects = s_subjects };
                await admin.RbacAuthorizationV1.CreateClusterRoleBindingAsync(binding, cancellationToken: Cancellation);
            }
        }
    }

    private V1RoleRef Ref(string kind) => new() { ApiGroup = "rbac.authorization.k8s.io", Kind = kind, Name = name };

    private static JsonObject Template(string kind, string name) => new()
    {
        ["apiVersion"] = $"{Group}/v1alpha1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["metrics"] = new JsonArray() },
    };
}

using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Rollouts.Kubernetes.Tests.Clusters;
using Rollouts.Kubernetes.Tests.Traffic.Benches;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Kubernetes.Workloads;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Traffic;

/// <summary>The roles of <c>infra/kubernetes</c>: enough for a whole rollout, and not one verb more.</summary>
public abstract class RoleTests(ITestCluster cluster)
{
    public static TheoryData<string> Roles => new("ingress-nginx.yaml", "gateway-api.yaml", "istio.yaml", "traefik.yaml", "alb.yaml");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Roles_EveryRouter_HasOneThatIsTested() => Assert.Equal(Benches.Select(b => b.RoleFile).Distinct().Order(), Roles.Select(r => r.Data).Order());

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Rollout_RoleAsShipped_IsEnough(string file) => Assert.Null(await RefusalAsync(file, RulesOf(file)));

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Rollout_OneVerbLess_IsForbidden(string file)
    {
        foreach (V1PolicyRule without in RulesOf(file))
        {
            foreach (string verb in without.Verbs)
            {
                List<V1PolicyRule> rules = RulesOf(file);
                V1PolicyRule less = rules.Single(r => r.Resources.SequenceEqual(without.Resources));
                less.Verbs = [.. less.Verbs.Where(v => v != verb)];

                string? refusal = await RefusalAsync(file, [.. rules.Where(r => r.Verbs.Count > 0)]);

                Assert.True(refusal?.Contains($"needs {verb} on {without.Resources[0]}", StringComparison.Ordinal) == true, $"{file} without {verb} on {without.Resources[0]}: {refusal}");
            }
        }
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "kubernetes");

    private static List<V1PolicyRule> RulesOf(string file)
    {
        V1Role role = KubernetesYaml.Deserialize<V1Role>(File.ReadAllText(Path.Combine(Folder, file)));
        return [.. role.Rules];
    }

    /// <summary>Everything that a role is for: its routers' rollouts from the look at the services to the last write.</summary>
    /// <returns>What was forbidden; null when nothing was.</returns>
    private async Task<string?> RefusalAsync(string file, List<V1PolicyRule> rules)
    {
        using k8s.Kubernetes admin = await cluster.AdminAsync();
        await RouterKinds.InstallAsync(cluster, admin, Cancellation);
        FaultInjector gateway = new() { Performed = (request, answer, cancellation) => GatewayStatus.AcceptAsync(admin, request, answer, "True", cancellation) };
        using k8s.Kubernetes restricted = await cluster.RestrictedAsync(gateway);
        foreach (RouterBench bench in Benches.Where(b => b.RoleFile == file))
        {
            string ns = await admin.CreateTestNamespaceAsync(Cancellation);
            try
            {
                await PrepareAsync(admin, ns, bench, rules);
                await RollAsync(restricted, ns, bench);
            }
            catch (PortException refusal) when (refusal.Kind == FailureKind.Forbidden)
            {
                return refusal.Message;
            }
            finally
            {
                await admin.DeleteNamespaceAsync(ns, cancellationToken: CancellationToken.None);
            }
        }

        return null;
    }

    private static RouterBench[] Benches =>
        [new IngressNginxBench(), new GatewayApiBench(), new GrpcRouteBench(), new IstioBench(), new IstioSubsetBench(), new TraefikBench(), new AlbBench()];

    private static async Task PrepareAsync(k8s.Kubernetes admin, string ns, RouterBench bench, List<V1PolicyRule> rules)
    {
        foreach (var (kind, value) in bench.Objects("web"))
        {
            await admin.CustomObjects.CreateNamespacedCustomObjectAsync<JsonObject>(value, kind.Group, kind.Version, ns, kind.Plural, cancellationToken: Cancellation);
        }

        foreach (string service in (string[])["shop-stable", "shop-canary"])
        {
            await admin.CreateNamespacedServiceAsync(
                new V1Service { Metadata = new() { Name = service }, Spec = new() { Ports = [new() { Port = 80 }] } }, ns, cancellationToken: Cancellation);
        }

        await admin.CreateNamespacedRoleAsync(new V1Role { Metadata = new() { Name = "router" }, Rules = rules }, ns, cancellationToken: Cancellation);
        await admin.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = new() { Name = "router" },
                RoleRef = new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = "router" },
                Subjects = [new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "User", Name = ITestCluster.RestrictedUser }],
            },
            ns,
            cancellationToken: Cancellation);
    }

    private static async Task RollAsync(k8s.Kubernetes restricted, string ns, RouterBench bench)
    {
        KubernetesRouter router = new(restricted, TimeProvider.System, new() { AcceptanceTime = TimeSpan.Zero });
        TrafficTarget target = bench.Route(new TrafficTarget { Namespace = ns, RolloutName = "shop", StableService = "shop-stable", CanaryService = "shop-canary" }, ["web"]);
        await new ServiceWorkloadReader(restricted, TimeProvider.System).ReadAsync(target, Cancellation);
        await router.ClaimAsync(target, "owner", TimeSpan.FromMinutes(30), Cancellation);
        await router.RenewAsync(target, TrafficSplit.None, "owner", Cancellation);
        HeaderRoute[] routes = bench.HasHeaderRoutes ? [new("internal", [new("X-Internal", HeaderMatchKind.Exact, "yes")])] : [];
        await router.ApplyAsync(target, new TrafficSplit(5, routes), "owner", 1, Cancellation);
        Assert.Equal("owner", (await router.FindHolderAsync(target, Cancellation))?.Owner);
        await router.ClaimAsync(target, "watchdog", TimeSpan.Zero, Cancellation);
        await router.ApplyAsync(target, TrafficSplit.None, "watchdog", 2, Cancellation);
        await router.ReleaseAsync(target, "watchdog", Cancellation);
    }
}

/// <summary>The roles on the stand-in.</summary>
public sealed class SandboxRoleTests(SandboxCluster cluster) : RoleTests(cluster);

/// <summary>The roles on the real server.</summary>
public sealed class RealRoleTests(RealCluster cluster) : RoleTests(cluster);

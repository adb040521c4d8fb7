using System.Net;
using System.Text;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>Defaults and rules of the other kinds, and what is no kind at all.</summary>
public abstract partial class KubernetesApiContract
{
    [Fact]
    public async Task Service_Created_GetsDefaultsAndAnAddress()
    {
        var service = Samples.Service("app");
        service.Spec.Ports = [new() { Name = "http", Port = 80 }, new() { Name = "admin", Port = 81, TargetPort = "admin" }];

        var created = await Client.CreateNamespacedServiceAsync(service, Namespace, cancellationToken: Cancellation);

        Assert.Equal("ClusterIP", created.Spec.Type);
        Assert.Equal("None", created.Spec.SessionAffinity);
        Assert.True(IPAddress.TryParse(created.Spec.ClusterIP, out _));
        Assert.Equal([created.Spec.ClusterIP], created.Spec.ClusterIPs);
        Assert.Equal(["TCP", "TCP"], created.Spec.Ports.Select(p => p.Protocol));
        Assert.Equal(["80", "admin"], created.Spec.Ports.Select(p => (string)p.TargetPort));
        Assert.Null(created.Metadata.Generation);
    }

    [Fact]
    public async Task Service_Replaced_KeepsItsAddress()
    {
        var created = await Client.CreateNamespacedServiceAsync(Samples.Service("app"), Namespace, cancellationToken: Cancellation);
        created.Spec.Selector = new Dictionary<string, string> { ["app"] = "other" };

        var replaced = await Client.ReplaceNamespacedServiceAsync(created, "app", Namespace, cancellationToken: Cancellation);

        Assert.Equal(created.Spec.ClusterIP, replaced.Spec.ClusterIP);
        Assert.Equal("other", replaced.Spec.Selector["app"]);
    }

    [Fact]
    public async Task Service_OtherAddress_IsInvalid()
    {
        await Client.CreateNamespacedServiceAsync(Samples.Service("app"), Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () => Client.PatchNamespacedServiceAsync(
            Samples.Merge("""{"spec":{"clusterIP":"10.96.0.250"}}"""), "app", Namespace, cancellationToken: Cancellation));

        Assert.Equal(["spec.clusterIPs[0]"], status.Fields());
    }

    [Theory]
    [InlineData("""{}""", "spec.ports")]
    [InlineData("""{"ports":[{"port":80},{"port":81}]}""", "spec.ports[0].name,spec.ports[1].name")]
    [InlineData("""{"ports":[{"name":"a","port":80},{"name":"a","port":81}]}""", "spec.ports[1].name")]
    [InlineData("""{"ports":[{"port":70000,"targetPort":80}]}""", "spec.ports[0].port")]
    [InlineData("""{"ports":[{"port":80,"protocol":"HTTP"}]}""", "spec.ports[0].protocol")]
    [InlineData("""{"type":"Other","ports":[{"port":80}]}""", "spec.type")]
    [InlineData("""{"type":"ExternalName"}""", "spec.externalName")]
    public async Task Service_InvalidSpec_NamesTheField(string spec, string fields)
    {
        var service = Samples.Service("app");
        service.Spec = KubernetesJson.Deserialize<V1ServiceSpec>(spec);

        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () =>
            Client.CreateNamespacedServiceAsync(service, Namespace, cancellationToken: Cancellation));

        Assert.Equal(fields.Split(','), status.Fields());
    }

    [Fact]
    public async Task Deployment_Created_GetsDefaults()
    {
        var created = await Client.CreateNamespacedDeploymentAsync(Samples.Deployment("app"), Namespace, cancellationToken: Cancellation);

        var container = created.Spec.Template.Spec.Containers[0];
        Assert.Equal(1, created.Spec.Replicas);
        Assert.Equal("RollingUpdate", created.Spec.Strategy.Type);
        Assert.Equal("25%", (string)created.Spec.Strategy.RollingUpdate.MaxSurge);
        Assert.Equal(10, created.Spec.RevisionHistoryLimit);
        Assert.Equal(600, created.Spec.ProgressDeadlineSeconds);
        Assert.Equal("Always", created.Spec.Template.Spec.RestartPolicy);
        Assert.Equal(30, created.Spec.Template.Spec.TerminationGracePeriodSeconds);
        Assert.Equal("IfNotPresent", container.ImagePullPolicy);
        Assert.Equal("TCP", container.Ports[0].Protocol);
        Assert.Equal(1, created.Metadata.Generation);
    }

    [Fact]
    public async Task Deployment_Changes_CountGenerationsButNotOfStatusAndLabels()
    {
        await Client.CreateNamespacedDeploymentAsync(Samples.Deployment("app"), Namespace, cancellationToken: Cancellation);

        var labelled = await PatchDeploymentAsync("""{"metadata":{"labels":{"a":"1"}}}""");
        var annotated = await PatchDeploymentAsync("""{"metadata":{"annotations":{"a":"1"}}}""");
        var scaled = await PatchDeploymentAsync("""{"spec":{"replicas":3}}""");
        var ignored = await PatchDeploymentAsync("""{"status":{"replicas":3}}""");
        var reported = await Client.PatchNamespacedDeploymentStatusAsync(
            Samples.Merge("""{"status":{"observedGeneration":3,"replicas":3,"readyReplicas":2}}"""), "app", Namespace, cancellationToken: Cancellation);

        Assert.Equal([1, 2, 3, 3, 3], new[] { labelled, annotated, scaled, ignored, reported }.Select(d => d.Metadata.Generation ?? 0));
        Assert.Null(ignored.Status.Replicas);
        Assert.Equal(2, reported.Status.ReadyReplicas);
        Assert.Equal(3, reported.Spec.Replicas);
    }

    [Theory]
    [InlineData("""{"spec":{"selector":{"matchLabels":{"app":"other"}},"template":{"metadata":{"labels":{"app":"other"}}}}}""", "spec.selector")]
    [InlineData("""{"spec":{"template":{"metadata":{"labels":{"app":"other"}}}}}""", "spec.template.metadata.labels")]
    [InlineData("""{"spec":{"replicas":-1}}""", "spec.replicas")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[]}}}}""", "spec.template.spec.containers")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"main"}]}}}}""", "spec.template.spec.containers[0].image")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}}""", "spec.template.spec.containers[0].name")]
    [InlineData("""{"spec":{"template":{"spec":{"restartPolicy":"Never"}}}}""", "spec.template.spec.restartPolicy")]
    public async Task Deployment_InvalidChange_NamesTheField(string patch, string field)
    {
        await Client.CreateNamespacedDeploymentAsync(Samples.Deployment("app"), Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () => PatchDeploymentAsync(patch));

        Assert.Equal([field], status.Fields());
    }

    [Fact]
    public async Task Lease_ReplacedWhereNoneIs_IsCreated()
    {
        var created = await Client.ReplaceNamespacedLeaseAsync(Samples.Lease("lock", "one"), "lock", Namespace, cancellationToken: Cancellation);

        Assert.Equal("one", created.Spec.HolderIdentity);
        Assert.NotNull(created.Metadata.Uid);
    }

    [Fact]
    public async Task Lease_ReplacedWithoutVersion_IsInvalid()
    {
        await Client.CreateNamespacedLeaseAsync(Samples.Lease("lock", "one"), Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () =>
            Client.ReplaceNamespacedLeaseAsync(Samples.Lease("lock", "two"), "lock", Namespace, cancellationToken: Cancellation));

        Assert.Equal(["metadata.resourceVersion"], status.Fields());
    }

    [Fact]
    public async Task Lease_TakenByTwo_IsGivenToOne()
    {
        var lease = await Client.CreateNamespacedLeaseAsync(Samples.Lease("lock", ""), Namespace, cancellationToken: Cancellation);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(async i =>
        {
            var mine = Samples.Lease("lock", $"holder-{i}");
            mine.Metadata.ResourceVersion = lease.Metadata.ResourceVersion;
            mine.Spec.RenewTime = new DateTime(2030, 1, 1, 1, 2, 3, 456, DateTimeKind.Utc);
            try
            {
                return await Client.ReplaceNamespacedLeaseAsync(mine, "lock", Namespace, cancellationToken: Cancellation);
            }
            catch (k8s.Autorest.HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
            {
                return null;
            }
        }));

        var stored = await Client.ReadNamespacedLeaseAsync("lock", Namespace, cancellationToken: Cancellation);
        var winner = Assert.Single(answers, a => a is not null)!;
        Assert.Equal(winner.Spec.HolderIdentity, stored.Spec.HolderIdentity);
        Assert.Equal(456, stored.Spec.RenewTime!.Value.Millisecond);
    }

    [Fact]
    public async Task Secret_StringData_IsStoredAsData()
    {
        var secret = new V1Secret
        {
            Metadata = new() { Name = "app" },
            StringData = new Dictionary<string, string> { ["word"] = "open" },
        };

        var created = await Client.CreateNamespacedSecretAsync(secret, Namespace, cancellationToken: Cancellation);

        Assert.Equal("open", Encoding.UTF8.GetString(created.Data["word"]));
        Assert.Null(created.StringData);
        Assert.Equal("Opaque", created.Type);
    }

    [Fact]
    public async Task ConfigMap_Immutable_RefusesOtherData()
    {
        var map = Samples.ConfigMap("app");
        map.Immutable = true;
        await Client.CreateNamespacedConfigMapAsync(map, Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () => Client.PatchNamespacedConfigMapAsync(
            Samples.Merge("""{"data":{"key":"other"}}"""), "app", Namespace, cancellationToken: Cancellation));

        Assert.Equal(["data"], status.Fields());
    }

    [Fact]
    public async Task Pod_Created_TakesStatusAndImageButNoOtherChange()
    {
        var pod = new V1Pod
        {
            Metadata = new() { Name = "app" },
            // Where pods are run, nobody schedules this one.
            Spec = new() { SchedulerName = "nobody", Containers = [new() { Name = "main", Image = "registry.example.com/app:1" }] },
        };
        var created = await Client.CreateNamespacedPodAsync(pod, Namespace, cancellationToken: Cancellation);

        var running = await Client.PatchNamespacedPodStatusAsync(
            Samples.Strategic("""{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}"""), "app", Namespace, cancellationToken: Cancellation);
        var unready = await Client.PatchNamespacedPodStatusAsync(
            Samples.Strategic("""{"status":{"conditions":[{"type":"Ready","status":"False"}]}}"""), "app", Namespace, cancellationToken: Cancellation);
        var imaged = await Client.PatchNamespacedPodAsync(
            Samples.Strategic("""{"spec":{"containers":[{"name":"main","image":"registry.example.com/app:2"}]}}"""), "app", Namespace, cancellationToken: Cancellation);
        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () => Client.PatchNamespacedPodAsync(
            Samples.Strategic("""{"spec":{"dnsPolicy":"Default"}}"""), "app", Namespace, cancellationToken: Cancellation));
        await Client.DeleteNamespacedPodAsync("app", Namespace, cancellationToken: Cancellation);

        Assert.Equal("Pending", created.Status.Phase);
        Assert.Equal("Running", running.Status.Phase);
        Assert.Equal("False", unready.Status.Conditions.Single().Status);
        Assert.Equal("registry.example.com/app:2", imaged.Spec.Containers[0].Image);
        Assert.Equal(["spec"], status.Fields());
        await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () =>
            Client.ReadNamespacedPodAsync("app", Namespace, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task RoleBinding_OtherRole_IsInvalid()
    {
        await BindAsync(new V1PolicyRule { ApiGroups = [""], Resources = ["services"], Verbs = ["get"] });

        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () => Client.PatchNamespacedRoleBindingAsync(
            Samples.Merge("""{"roleRef":{"name":"other"}}"""), "given", Namespace, cancellationToken: Cancellation));

        Assert.Equal(["roleRef"], status.Fields());
    }

    [Fact]
    public async Task UnknownResource_OfAServedGroup_IsNotFound()
    {
        var status = await Answers.RefusedAsync(HttpStatusCode.NotFound, "NotFound", () => Client.CustomObjects.ListNamespacedCustomObjectAsync(
            "networking.k8s.io", "v1", Namespace, "nosuchthings", cancellationToken: Cancellation));

        Assert.Equal("the server could not find the requested resource", status.Message);
    }

    [Fact]
    public async Task UnknownResource_OfAnUnknownGroup_IsNotFound()
    {
        var refusal = await Assert.ThrowsAsync<k8s.Autorest.HttpOperationException>(() => Client.CustomObjects.ListNamespacedCustomObjectAsync(
            "no-such-group.example.com", "v1", Namespace, "things", cancellationToken: Cancellation));

        Assert.Equal(HttpStatusCode.NotFound, refusal.Response.StatusCode);
        Assert.Equal("404 page not found", refusal.Response.Content.Trim());
    }

    [Fact]
    public async Task Version_IsGiven()
    {
        var version = await Client.Version.GetCodeAsync(cancellationToken: Cancellation);

        Assert.Equal("1", version.Major);
        Assert.StartsWith("v1.", version.GitVersion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discovery_NamesTheResourcesOfAGroup()
    {
        var resources = await Client.NetworkingV1.GetAPIResourcesAsync(cancellationToken: Cancellation);

        var ingresses = Assert.Single(resources.Resources, r => r.Name == "ingresses");
        Assert.Equal("Ingress", ingresses.Kind);
        Assert.True(ingresses.Namespaced);
        Assert.Equal(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"], ingresses.Verbs.Order());
        Assert.Contains(resources.Resources, r => r.Name == "ingresses/status");
    }

    private Task<V1Deployment> PatchDeploymentAsync(string json) =>
        Client.PatchNamespacedDeploymentAsync(Samples.Merge(json), "app", Namespace, cancellationToken: Cancellation);
}

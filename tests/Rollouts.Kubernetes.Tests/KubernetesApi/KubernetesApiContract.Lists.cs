using System.Net;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>Lists, selectors and pages.</summary>
public abstract partial class KubernetesApiContract
{
    [Fact]
    public async Task List_Namespace_GivesItsObjectsByNameAndARevision()
    {
        foreach (var name in (string[])["b", "c", "a"])
        {
            await Client.CreateNamespacedIngressAsync(Samples.Ingress(name), Namespace, cancellationToken: Cancellation);
        }

        var list = await Client.ListNamespacedIngressAsync(Namespace, cancellationToken: Cancellation);

        Assert.Equal(["a", "b", "c"], list.Items.Select(i => i.Metadata.Name));
        Assert.Equal("IngressList", list.Kind);
        Assert.Equal("networking.k8s.io/v1", list.ApiVersion);
        Assert.True(ulong.Parse(list.Metadata.ResourceVersion) >= list.Items.Max(i => ulong.Parse(i.Metadata.ResourceVersion)));
    }

    [Fact]
    public async Task List_EmptyNamespace_IsAnEmptyList()
    {
        var list = await Client.ListNamespacedIngressAsync("no-such-namespace", cancellationToken: Cancellation);

        Assert.Empty(list.Items);
    }

    [Theory]
    [InlineData("tier=front", "a,b")]
    [InlineData("tier==front,track!=canary", "a")]
    [InlineData("tier!=front", "c,d")]
    [InlineData("tier in (front, back)", "a,b,c")]
    [InlineData("tier notin (front)", "c,d")]
    [InlineData("track", "a,b")]
    [InlineData("!track", "c,d")]
    [InlineData("tier=front,track in (canary)", "b")]
    public async Task List_LabelSelector_GivesWhatMatches(string selector, string expected)
    {
        await CreateLabelledAsync("a", ("tier", "front"), ("track", "stable"));
        await CreateLabelledAsync("b", ("tier", "front"), ("track", "canary"));
        await CreateLabelledAsync("c", ("tier", "back"));
        await CreateLabelledAsync("d");

        var list = await Client.ListNamespacedIngressAsync(Namespace, labelSelector: selector, cancellationToken: Cancellation);

        Assert.Equal(expected.Split(','), list.Items.Select(i => i.Metadata.Name));
    }

    [Theory]
    [InlineData("a===b")]
    [InlineData("a in b")]
    [InlineData("-a=b")]
    [InlineData("a=b c")]
    public async Task List_UnreadableLabelSelector_IsBadRequest(string selector) =>
        await Answers.RefusedAsync(HttpStatusCode.BadRequest, "BadRequest", () =>
            Client.ListNamespacedIngressAsync(Namespace, labelSelector: selector, cancellationToken: Cancellation));

    [Theory]
    [InlineData("metadata.name=b", "b")]
    [InlineData("metadata.name!=b", "a,c")]
    [InlineData("metadata.name==b,metadata.namespace=other", "")]
    public async Task List_FieldSelector_GivesWhatMatches(string selector, string expected)
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            await Client.CreateNamespacedIngressAsync(Samples.Ingress(name), Namespace, cancellationToken: Cancellation);
        }

        var list = await Client.ListNamespacedIngressAsync(Namespace, fieldSelector: selector, cancellationToken: Cancellation);

        Assert.Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries), list.Items.Select(i => i.Metadata.Name));
    }

    [Fact]
    public async Task List_UnknownFieldSelector_IsBadRequest() =>
        await Answers.RefusedAsync(HttpStatusCode.BadRequest, "BadRequest", () =>
            Client.ListNamespacedIngressAsync(Namespace, fieldSelector: "spec.host=x", cancellationToken: Cancellation));

    [Fact]
    public async Task List_InPages_GivesOneStateWhateverIsWrittenMeanwhile()
    {
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            await Client.CreateNamespacedConfigMapAsync(Samples.ConfigMap(name), Namespace, cancellationToken: Cancellation);
        }

        var first = await Client.ListNamespacedConfigMapAsync(Namespace, labelSelector: "", limit: 2, cancellationToken: Cancellation);
        await Client.DeleteNamespacedConfigMapAsync("d", Namespace, cancellationToken: Cancellation);
        var names = first.Items.Select(i => i.Metadata.Name).ToList();
        var next = first;
        while (next.Metadata.ContinueProperty is { Length: > 0 } token)
        {
            next = await Client.ListNamespacedConfigMapAsync(Namespace, limit: 2, continueParameter: token, cancellationToken: Cancellation);
            names.AddRange(next.Items.Select(i => i.Metadata.Name));
            Assert.Equal(first.Metadata.ResourceVersion, next.Metadata.ResourceVersion);
        }

        // Some clusters put a root certificate into every namespace.
        Assert.Equal(["a", "b", "c", "d", "e"], names.Where(n => n.Length == 1));
        Assert.Equal(2, first.Items.Count);
    }

    [Fact]
    public async Task List_FutureVersion_TimesOut()
    {
        var list = await Client.ListNamespacedIngressAsync(Namespace, cancellationToken: Cancellation);
        var future = (ulong.Parse(list.Metadata.ResourceVersion) + 1_000_000).ToString();

        var status = await Answers.RefusedAsync(HttpStatusCode.GatewayTimeout, "Timeout", () =>
            Client.ListNamespacedIngressAsync(Namespace, resourceVersion: future, cancellationToken: Cancellation));

        Assert.StartsWith($"Timeout: Too large resource version: {future}, current: ", status.Message, StringComparison.Ordinal);
        Assert.Equal(["ResourceVersionTooLarge"], status.Details.Causes.Select(c => c.Reason));
    }

    [Fact]
    public async Task List_AllNamespaces_HoldsThisOne()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var list = await Client.ListIngressForAllNamespacesAsync(cancellationToken: Cancellation);

        Assert.Contains(list.Items, i => i.Metadata.NamespaceProperty == Namespace && i.Metadata.Name == "app");
    }

    private Task<V1Ingress> CreateLabelledAsync(string name, params IEnumerable<(string Key, string Value)> labels)
    {
        var ingress = Samples.Ingress(name);
        ingress.Metadata.Labels = labels.ToDictionary(l => l.Key, l => l.Value);
        return Client.CreateNamespacedIngressAsync(ingress, Namespace, cancellationToken: Cancellation);
    }
}

using System.Net;
using k8s;
using k8s.Models;

namespace Rollouts.Kubernetes.Tests.KubernetesApi;

/// <summary>What an Ingress has to look like, and names, labels and annotations of anything.</summary>
public abstract partial class KubernetesApiContract
{
    private const string Backend = """{"service":{"name":"app","port":{"number":80}}}""";

    [Theory]
    [InlineData("""{}""", "spec")]
    [InlineData("""{"rules":[{"http":{"paths":[]}}]}""", "spec.rules[0].http.paths")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"/","backend":B}]}}]}""", "spec.rules[0].http.paths[0].pathType")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"/","pathType":"Regex","backend":B}]}}]}""", "spec.rules[0].http.paths[0].pathType")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"x","pathType":"Prefix","backend":B}]}}]}""", "spec.rules[0].http.paths[0].path")]
    [InlineData("""{"rules":[{"http":{"paths":[{"pathType":"Exact","backend":B}]}}]}""", "spec.rules[0].http.paths[0].path")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"/a//b","pathType":"Prefix","backend":B}]}}]}""", "spec.rules[0].http.paths[0].path")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"/a/..","pathType":"Prefix","backend":B}]}}]}""", "spec.rules[0].http.paths[0].path")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"x","pathType":"ImplementationSpecific","backend":B}]}}]}""", "spec.rules[0].http.paths[0].path")]
    [InlineData("""{"rules":[{"http":{"paths":[{"pathType":"ImplementationSpecific","backend":{}}]}}]}""", "spec.rules[0].http.paths[0].backend")]
    [InlineData("""{"rules":[{"host":"A.example.com"}]}""", "spec.rules[0].host")]
    [InlineData("""{"rules":[{"host":"192.0.2.1"}]}""", "spec.rules[0].host")]
    [InlineData("""{"rules":[{"host":"a.*.example.com"}]}""", "spec.rules[0].host")]
    [InlineData("""{"defaultBackend":{}}""", "spec.defaultBackend")]
    [InlineData("""{"defaultBackend":{"service":{"port":{"number":80}}}}""", "spec.defaultBackend.service.name")]
    [InlineData("""{"defaultBackend":{"service":{"name":"App","port":{"number":80}}}}""", "spec.defaultBackend.service.name")]
    [InlineData("""{"defaultBackend":{"service":{"name":"app"}}}""", "spec.defaultBackend")]
    [InlineData("""{"defaultBackend":{"service":{"name":"app","port":{"number":80,"name":"http"}}}}""", "spec.defaultBackend")]
    [InlineData("""{"defaultBackend":{"service":{"name":"app","port":{"number":65536}}}}""", "spec.defaultBackend.service.port.number")]
    [InlineData("""{"defaultBackend":{"service":{"name":"app","port":{"name":"no_port"}}}}""", "spec.defaultBackend.service.port.name")]
    [InlineData("""{"defaultBackend":{"service":{"name":"app","port":{"number":80}},"resource":{"apiGroup":"example.com","kind":"Bucket","name":"b"}}}""", "spec.defaultBackend")]
    [InlineData("""{"defaultBackend":B,"ingressClassName":"No_Class"}""", "spec.ingressClassName")]
    [InlineData("""{"defaultBackend":B,"tls":[{"hosts":["A_"]}]}""", "spec.tls[0].hosts[0]")]
    public async Task Ingress_InvalidSpec_NamesTheField(string spec, string field)
    {
        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () => CreateIngressAsync(spec));

        Assert.Equal([field], status.Fields());
        Assert.Equal("app", status.Details.Name);
        Assert.Equal("Ingress", status.Details.Kind);
        Assert.Contains($"\"app\" is invalid: {field}: {status.Details.Causes[0].Message}", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"rules":[{"host":"*.example.com"}]}""")]
    [InlineData("""{"rules":[{"http":{"paths":[{"pathType":"ImplementationSpecific","backend":B}]}}]}""")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"/a(/|$)(.*)","pathType":"ImplementationSpecific","backend":B}]}}]}""")]
    [InlineData("""{"defaultBackend":{"service":{"name":"app","port":{"name":"http"}}}}""")]
    [InlineData("""{"defaultBackend":{"resource":{"apiGroup":"example.com","kind":"Bucket","name":"b"}}}""")]
    [InlineData("""{"defaultBackend":B,"ingressClassName":"nginx","tls":[{"hosts":["a.example.com","*.example.com"],"secretName":"cert"}]}""")]
    public async Task Ingress_ValidSpec_IsStoredAsItIs(string spec)
    {
        var created = await CreateIngressAsync(spec);

        Assert.Equal(
            KubernetesJson.Serialize(KubernetesJson.Deserialize<V1IngressSpec>(WithBackend(spec))), KubernetesJson.Serialize(created.Spec));
    }

    [Fact]
    public async Task Ingress_TwoProblems_NamesBoth()
    {
        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () =>
            CreateIngressAsync("""{"rules":[{"host":"A_","http":{"paths":[{"path":"/"}]}}]}"""));

        Assert.Equal(["spec.rules[0].host", "spec.rules[0].http.paths[0].pathType"], status.Fields());
        Assert.Contains("\"app\" is invalid: [spec.rules[0].host: ", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"metadata":{"annotations":{"no key":"1"}}}""", "metadata.annotations")]
    [InlineData("""{"metadata":{"annotations":{"a/b/c":"1"}}}""", "metadata.annotations")]
    [InlineData("""{"metadata":{"labels":{"a":"no value!"}}}""", "metadata.labels")]
    [InlineData("""{"metadata":{"labels":{"A/b":"1"}}}""", "metadata.labels")]
    public async Task Metadata_InvalidKeyOrValue_NamesTheField(string patch, string field)
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () => PatchAsync(patch));

        Assert.Equal([field], status.Fields());
    }

    [Fact]
    public async Task Metadata_TooManyAnnotations_IsInvalid()
    {
        await Client.CreateNamespacedIngressAsync(Samples.Ingress("app"), Namespace, cancellationToken: Cancellation);

        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () =>
            PatchAsync("{\"metadata\":{\"annotations\":{\"a\":\"" + new string('x', 256 * 1024) + "\"}}}"));

        Assert.Equal(["metadata.annotations"], status.Fields());
        Assert.Equal("FieldValueTooLong", status.Details.Causes[0].Reason);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("-dash")]
    public async Task Metadata_InvalidName_NamesTheField(string name)
    {
        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () =>
            Client.CreateNamespacedIngressAsync(Samples.Ingress(name), Namespace, cancellationToken: Cancellation));

        Assert.Equal(["metadata.name"], status.Fields());
    }

    [Fact]
    public async Task Metadata_NoName_IsRequired()
    {
        var status = await Answers.RefusedAsync(HttpStatusCode.UnprocessableEntity, "Invalid", () =>
            Client.CreateNamespacedIngressAsync(Samples.Ingress(""), Namespace, cancellationToken: Cancellation));

        Assert.Equal(["metadata.name"], status.Fields());
        Assert.Equal("Required value: name or generateName is required", status.Details.Causes[0].Message);
    }

    private static string WithBackend(string spec) => spec.Replace(":B", ":" + Backend, StringComparison.Ordinal);

    private Task<V1Ingress> CreateIngressAsync(string spec)
    {
        var ingress = Samples.Ingress("app");
        ingress.Spec = KubernetesJson.Deserialize<V1IngressSpec>(WithBackend(spec));
        return Client.CreateNamespacedIngressAsync(ingress, Namespace, cancellationToken: Cancellation);
    }
}

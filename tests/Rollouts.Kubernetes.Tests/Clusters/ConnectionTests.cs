using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure.Core;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Kubernetes.Clusters;
using Rollouts.Kubernetes.Traffic;
using Rollouts.Traffic;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>Connecting to the real server in each way, over TLS that is checked.</summary>
public sealed class ConnectionTests(RealCluster cluster) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rollouts-clusters-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task TokenCluster_TokenAndAuthority_Connects()
    {
        KubernetesClientConfiguration known = await KnownAsync();

        await ReachesAsync(new TokenCluster { Server = new(known.Host), Token = known.AccessToken, CertificateAuthorityData = Pem(known) }.Connect());
    }

    [Fact]
    public async Task TokenCluster_Files_Connects()
    {
        KubernetesClientConfiguration known = await KnownAsync();
        string token = Write("token", known.AccessToken + "\n");

        await ReachesAsync(new TokenCluster { Server = new(known.Host), TokenFile = token, CertificateAuthorityFile = Write("ca.crt", Pem(known)) }.Connect());
    }

    [Fact]
    public async Task TokenCluster_TokenFileRenewed_SendsTheNewOne()
    {
        KubernetesClientConfiguration known = await KnownAsync();
        string token = Write("token", "not yet valid");
        using IKubernetes client = new TokenCluster { Server = new(known.Host), TokenFile = token, CertificateAuthorityData = Pem(known) }.Connect();
        await Assert.ThrowsAsync<k8s.Autorest.HttpOperationException>(() => client.CoreV1.ReadNamespaceAsync("default", cancellationToken: Cancellation));

        Write("token", known.AccessToken);

        await ReachesAsync(client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TokenCluster_OtherAuthority_IsRefused(bool given)
    {
        KubernetesClientConfiguration known = await KnownAsync();
        using IKubernetes client = new TokenCluster
        {
            Server = new(known.Host),
            Token = known.AccessToken,
            CertificateAuthorityData = given ? OtherAuthority() : null,
        }.Connect();
        TrafficTarget target = Traffic.Ingresses.Target("default", "web");

        PortException refusal = await Assert.ThrowsAsync<PortException>(
            () => new KubernetesRouter(client, TimeProvider.System).ClaimAsync(target, "owner", TimeSpan.FromMinutes(30), Cancellation));

        Assert.Equal(FailureKind.Transient, refusal.Kind);
        Assert.Contains("certificate", refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task AksCluster_Credential_AsksForTheServersScope()
    {
        KubernetesClientConfiguration known = await KnownAsync();
        FakeTimeProvider clock = new();
        CountingCredential credential = new(known.AccessToken, clock);
        string base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(Pem(known)));

        await ReachesAsync(new AksCluster { Server = new(known.Host), CertificateAuthorityData = base64 }.Connect(credential, clock));

        Assert.Equal(["6dae42f8-4368-4678-94ff-3960e28e3630/.default"], credential.Scopes);
    }

    [Fact]
    public async Task Kubeconfig_ContextByName_Connects()
    {
        KubernetesClientConfiguration known = await KnownAsync();
        string path = Write("config", Kubeconfig(known));

        await ReachesAsync(new KubeconfigCluster { Path = path }.Connect());
        await ReachesAsync(new KubeconfigCluster { Path = path, Context = "second" }.Connect());
    }

    private static async Task ReachesAsync(IKubernetes client)
    {
        using (client)
        {
            V1Namespace found = await client.CoreV1.ReadNamespaceAsync("default", cancellationToken: Cancellation);
            Assert.Equal("default", found.Metadata.Name);
        }
    }

    /// <summary>The configuration of the real server, where it is reached by a token as these tests need it.</summary>
    private async Task<KubernetesClientConfiguration> KnownAsync()
    {
        KubernetesClientConfiguration known = await cluster.AdminConfigurationAsync();
        Assert.SkipWhen(string.IsNullOrEmpty(known.AccessToken), "The kubeconfig given for tests has no token.");
        return known;
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Pem(KubernetesClientConfiguration known) => known.SslCaCerts.ExportCertificatePems();

    private static string OtherAuthority()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=other", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return certificate.ExportCertificatePem();
    }

    private static string Kubeconfig(KubernetesClientConfiguration known) => $$"""
        apiVersion: v1
        kind: Config
        current-context: first
        clusters:
        - {name: real, cluster: {server: "{{known.Host}}", certificate-authority-data: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(Pem(known)))}} } }
        users:
        - {name: admin, user: {token: "{{known.AccessToken}}"} }
        contexts:
        - {name: first, context: {cluster: real, user: admin} }
        - {name: second, context: {cluster: real, user: admin} }
        """;
}

/// <summary>Gives one token again and again, an hour each time.</summary>
internal sealed class CountingCredential(string token, TimeProvider time) : TokenCredential
{
    public List<string> Scopes { get; } = [];

    /// <summary>Thrown instead of giving a token. Default null.</summary>
    public Exception? Trouble { get; set; }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes.AddRange(requestContext.Scopes);
        return Trouble is null ? new(token, time.GetUtcNow().AddHours(1)) : throw Trouble;
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}

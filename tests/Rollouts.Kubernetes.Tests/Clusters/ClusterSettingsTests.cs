using System.Net.Http.Headers;
using System.Text;
using Azure.Identity;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Kubernetes.Clusters;
using Rollouts.Kubernetes.Traffic;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>Settings that can't work, and tokens that end.</summary>
public sealed class ClusterSettingsTests : IDisposable
{
    private static readonly Uri Server = new("https://cluster.example.com:6443");

    private readonly string folder = Directory.CreateTempSubdirectory("rollouts-clusters-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("http://cluster.example.com", "not https")]
    [InlineData("cluster", "absolute address")]
    [InlineData("https://user:pass@cluster.example.com", "no user name")]
    public void TokenCluster_WrongServer_IsInvalid(string server, string says)
    {
        TokenCluster cluster = new() { Server = new(server, UriKind.RelativeOrAbsolute), Token = "t" };

        Assert.Contains(says, Refusal(() => cluster.Configuration()), StringComparison.Ordinal);
    }

    [Fact]
    public void TokenCluster_HttpOnLoopback_IsTaken() =>
        Assert.Equal("http://127.0.0.1:8001/", new TokenCluster { Server = new("http://127.0.0.1:8001"), Token = "t" }.Configuration().Host);

    [Fact]
    public void TokenCluster_NoOrTwoTokens_IsInvalid()
    {
        Assert.Contains("neither Token nor TokenFile", Refusal(() => new TokenCluster { Server = Server }.Configuration()), StringComparison.Ordinal);
        Assert.Contains("both set", Refusal(() => new TokenCluster { Server = Server, Token = "t", TokenFile = "f" }.Configuration()), StringComparison.Ordinal);
        Assert.Contains("/no/such does not exist", Refusal(() => new TokenCluster { Server = Server, TokenFile = "/no/such" }.Configuration()), StringComparison.Ordinal);
    }

    [Fact]
    public void TokenCluster_Printed_KeepsItsToken() =>
        Assert.DoesNotContain("s3cret", new TokenCluster { Server = Server, Token = "s3cret" }.ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("not base64 at all!")]
    [InlineData("bm8gY2VydGlmaWNhdGU=")]
    [InlineData("-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----")]
    public void TokenCluster_NoCertificate_IsInvalid(string data)
    {
        TokenCluster cluster = new() { Server = Server, Token = "t", CertificateAuthorityData = data };

        Assert.Contains("PEM", Refusal(() => cluster.Configuration()), StringComparison.Ordinal);
    }

    [Fact]
    public void TokenCluster_AuthorityFileMissing_NamesIt()
    {
        TokenCluster cluster = new() { Server = Server, Token = "t", CertificateAuthorityFile = "/no/ca.crt" };

        Assert.Contains("/no/ca.crt", Refusal(() => cluster.Configuration()), StringComparison.Ordinal);
    }

    [Fact]
    public void AksCluster_NoAuthority_IsInvalid()
    {
        AksCluster cluster = new() { Server = Server };

        Assert.Contains(
            "certificate-authority-data",
            Refusal(() => cluster.Configuration(new CountingCredential("t", TimeProvider.System), TimeProvider.System)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void InCluster_NoPod_IsInvalid() => Assert.Contains("KUBERNETES_SERVICE_HOST", Refusal(() => InCluster.Connect()), StringComparison.Ordinal);

    [Fact]
    public void Kubeconfig_NoSuchFile_NamesIt() =>
        Assert.Contains("/no/config does not exist", Refusal(() => new KubeconfigCluster { Path = "/no/config" }.Configuration()), StringComparison.Ordinal);

    [Fact]
    public void Kubeconfig_NoSuchContext_NamesThoseThereAre()
    {
        string refusal = Refusal(() => new KubeconfigCluster { Path = Kubeconfig("current-context: a"), Context = "c" }.Configuration());

        Assert.Contains("no context `c`: name one of a, b", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Kubeconfig_NoCurrentContext_NamesThoseThereAre() =>
        Assert.Contains("no current context: name one of a, b", Refusal(() => new KubeconfigCluster { Path = Kubeconfig("") }.Configuration()), StringComparison.Ordinal);

    [Theory]
    [InlineData("a: [")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: gone, user: gone}}]")]
    [InlineData("current-context: a\ncontexts: [{name: a}]")]
    public void Kubeconfig_Broken_IsInvalid(string text)
    {
        string path = Path.Combine(folder, "broken");
        File.WriteAllText(path, text);

        Assert.Contains(path, Refusal(() => new KubeconfigCluster { Path = path }.Configuration()), StringComparison.Ordinal);
    }

    [Fact]
    public void Kubeconfig_FilesOfTheEnvironment_AreMerged()
    {
        string first = Path.Combine(folder, "first");
        string second = Path.Combine(folder, "second");
        File.WriteAllText(first, "current-context: a\nclusters: [{name: x, cluster: {server: 'https://one.example.com'}}]\n");
        File.WriteAllText(
            second,
            "current-context: b\nclusters: [{name: x, cluster: {server: 'https://two.example.com'}}]\nusers: [{name: u, user: {token: t}}]\n"
            + "contexts: [{name: a, context: {cluster: x, user: u}}]\n");
        string? before = Environment.GetEnvironmentVariable("KUBECONFIG");
        try
        {
            Environment.SetEnvironmentVariable("KUBECONFIG", string.Join(Path.PathSeparator, first, Path.Combine(folder, "none"), second));
            k8s.KubernetesClientConfiguration merged = new KubeconfigCluster().Configuration();

            Assert.Equal("https://one.example.com", merged.Host.TrimEnd('/'));
            Assert.Equal("t", merged.AccessToken);

            Environment.SetEnvironmentVariable("KUBECONFIG", Path.Combine(folder, "none"));
            Assert.Contains("$KUBECONFIG is set to", Refusal(() => new KubeconfigCluster().Configuration()), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("KUBECONFIG", before);
        }
    }

    [Fact]
    public async Task EntraToken_StillGood_IsKeptAndThenRenewed()
    {
        FakeTimeProvider clock = new();
        CountingCredential credential = new("t", clock);
        EntraTokenProvider provider = new(credential, "scope", clock);

        AuthenticationHeaderValue header = await provider.GetAuthenticationHeaderAsync(Cancellation);
        clock.Advance(TimeSpan.FromMinutes(54));
        await provider.GetAuthenticationHeaderAsync(Cancellation);
        Assert.Single(credential.Scopes);
        clock.Advance(TimeSpan.FromMinutes(2));
        await provider.GetAuthenticationHeaderAsync(Cancellation);

        Assert.Equal("Bearer t", header.ToString());
        Assert.Equal(2, credential.Scopes.Count);
    }

    [Fact]
    public async Task EntraToken_RenewalFails_IsUsedUntilItEnds()
    {
        FakeTimeProvider clock = new();
        CountingCredential credential = new("t", clock);
        EntraTokenProvider provider = new(credential, "scope", clock);
        await provider.GetAuthenticationHeaderAsync(Cancellation);
        credential.Trouble = new AuthenticationFailedException("the identity service is away");

        clock.Advance(TimeSpan.FromMinutes(57));
        Assert.Equal("t", (await provider.GetAuthenticationHeaderAsync(Cancellation)).Parameter);
        clock.Advance(TimeSpan.FromMinutes(3));

        await Assert.ThrowsAsync<AuthenticationFailedException>(() => provider.GetAuthenticationHeaderAsync(Cancellation));
    }

    [Fact]
    public async Task EntraToken_NoneToBeHad_IsForbidden()
    {
        CountingCredential credential = new("t", TimeProvider.System) { Trouble = new CredentialUnavailableException("no managed identity endpoint") };
        string authority = Path.Combine(folder, "ca.crt");
        await File.WriteAllTextAsync(authority, OtherPem(), Cancellation);
        using k8s.IKubernetes client = new AksCluster { Server = Server, CertificateAuthorityFile = authority }.Connect(credential, TimeProvider.System);

        PortException refusal = await Assert.ThrowsAsync<PortException>(() =>
            new KubernetesRouter(client, TimeProvider.System).ClaimAsync(Traffic.Ingresses.Target("shop", "web"), "owner", TimeSpan.FromMinutes(30), Cancellation));

        Assert.Equal(FailureKind.Forbidden, refusal.Kind);
        Assert.Contains("no managed identity endpoint", refusal.Message, StringComparison.Ordinal);
    }

    private static string OtherPem()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=other", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return certificate.ExportCertificatePem();
    }

    private string Kubeconfig(string current)
    {
        string path = Path.Combine(folder, "config");
        File.WriteAllText(
            path,
            new StringBuilder(current)
                .Append("\nclusters: [{name: x, cluster: {server: 'https://cluster.example.com'}}]\nusers: [{name: u, user: {token: t}}]\n")
                .Append("contexts: [{name: a, context: {cluster: x, user: u}}, {name: b, context: {cluster: x, user: u}}]\n")
                .ToString());
        return path;
    }

    private static string Refusal(Action call)
    {
        PortException refusal = Assert.Throws<PortException>(call);
        Assert.Equal(FailureKind.Invalid, refusal.Kind);
        return refusal.Message;
    }
}

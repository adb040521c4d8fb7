using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using k8s;

namespace Rollouts.Kubernetes.Tests.Clusters;

/// <summary>etcd and a kube-apiserver on loopback, with tokens and RBAC, in a folder that goes with them.</summary>
internal sealed class KubeApiServerProcess : IAsyncDisposable
{
    public const string AdminToken = "admin-token";
    public const string RestrictedToken = "restricted-token";

    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2);

    private readonly string folder;
    private readonly ChildProcess etcd;
    private readonly ChildProcess server;
    private readonly Uri address;

    private KubeApiServerProcess(string folder, ChildProcess etcd, ChildProcess server, Uri address) =>
        (this.folder, this.etcd, this.server, this.address) = (folder, etcd, server, address);

    /// <summary>The folder of its files.</summary>
    public string Folder => folder;

    public static async Task<KubeApiServerProcess> StartAsync(string path, CancellationToken cancellation)
    {
        Assert.True(File.Exists(path), $"ROLLOUTS_KUBE_APISERVER names {path}, which does not exist: run tests/kube-apiserver/build.");
        var folder = Directory.CreateTempSubdirectory("rollouts-kube-apiserver-").FullName;
        var etcd = ChildProcess.Start(EtcdBeside(path), Path.Combine(folder, "etcd.log"), EtcdArguments(folder, out var etcdAddress));
        ChildProcess? server = null;
        try
        {
            server = ChildProcess.Start(path, Path.Combine(folder, "server.log"), ServerArguments(folder, etcdAddress, out var address));
            var started = new KubeApiServerProcess(folder, etcd, server, address);
            await started.WaitUntilReadyAsync(cancellation);
            return started;
        }
        catch
        {
            await (server?.DisposeAsync() ?? default);
            await etcd.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public KubernetesClientConfiguration Configuration(string token)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Path.Combine(folder, "certificates", "apiserver.crt"));
        return new() { Host = address.GetLeftPart(UriPartial.Authority), AccessToken = token, SslCaCerts = authorities };
    }

    /// <summary>A kubeconfig of one context, for a program that takes only a file.</summary>
    public string KubeconfigYaml(string token) => $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
        - name: test
          cluster:
            server: {{Text(address)}}
            certificate-authority: {{Path.Combine(folder, "certificates", "apiserver.crt")}}
        contexts:
        - name: test
          context: { cluster: test, user: test }
        users:
        - name: test
          user: { token: {{token}} }

        """;

    public async ValueTask DisposeAsync()
    {
        // A server whose etcd is gone first waits for it instead of ending.
        await server.DisposeAsync();
        await etcd.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static string EtcdBeside(string server)
    {
        var beside = Path.Combine(Path.GetDirectoryName(server)!, "etcd");
        return File.Exists(beside) ? beside : "etcd";
    }

    private static string[] EtcdArguments(string folder, out Uri address)
    {
        address = FreeAddress("http");
        var peers = FreeAddress("http");
        return
        [
            "--data-dir", Path.Combine(folder, "etcd"), "--unsafe-no-fsync",
            "--listen-client-urls", Text(address), "--advertise-client-urls", Text(address),
            "--listen-peer-urls", Text(peers), "--initial-advertise-peer-urls", Text(peers), "--initial-cluster", "default=" + Text(peers),
        ];
    }

    private static string[] ServerArguments(string folder, Uri etcd, out Uri address)
    {
        address = FreeAddress("https");
        var key = Path.Combine(folder, "service-accounts.key");
        var tokens = Path.Combine(folder, "tokens.csv");
        using (var rsa = RSA.Create(2048))
        {
            File.WriteAllText(key, rsa.ExportRSAPrivateKeyPem());
        }

        File.WriteAllLines(tokens, [$"{AdminToken},admin,1,system:masters", $"{RestrictedToken},{ITestCluster.RestrictedUser},2"]);
        return
        [
            "--etcd-servers=" + Text(etcd), "--bind-address=127.0.0.1", "--secure-port=" + address.Port.ToString(CultureInfo.InvariantCulture),
            "--endpoint-reconciler-type=none", "--token-auth-file=" + tokens, "--authorization-mode=RBAC",
            // Without its controllers nobody makes the service accounts that this plugin asks of every pod.
            "--disable-admission-plugins=ServiceAccount",
            "--service-account-key-file=" + key, "--service-account-signing-key-file=" + key,
            "--service-account-issuer=https://kubernetes.default.svc", "--api-audiences=https://kubernetes.default.svc",
            "--service-cluster-ip-range=10.96.0.0/24", "--cert-dir=" + Path.Combine(folder, "certificates"),
        ];
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartTime);
        // Its certificate is written while it starts; the clients of the tests check it.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", AdminToken);
        while (!await IsReadyAsync(http, limit.Token))
        {
            Assert.False(server.HasExited, $"kube-apiserver ended while it started: {server.LogTail()}");
            Assert.False(etcd.HasExited, $"etcd ended while it started: {etcd.LogTail()}");
            Assert.False(limit.IsCancellationRequested, $"kube-apiserver was not ready within {StartTime}: {server.LogTail()}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public static Uri FreeAddress(string scheme)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new UriBuilder(scheme, "127.0.0.1", ((IPEndPoint)probe.LocalEndPoint!).Port).Uri;
    }

    private static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);
}

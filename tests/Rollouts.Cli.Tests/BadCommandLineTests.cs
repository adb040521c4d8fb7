using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Rollouts.Cli.Tests.Processes;

namespace Rollouts.Cli.Tests;

/// <summary>Whatever stands on the command line, it ends with exit code 2 and a line that names the option; never with a stack trace.</summary>
public sealed class BadCommandLineTests : IDisposable
{
    private const string BadCertificate = """
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test}}]
        clusters: [{name: test, cluster: {server: "https://127.0.0.1:1", certificate-authority-data: QUJD}}]
        users: [{name: test, user: {client-certificate-data: QUJD, client-key-data: QUJD}}]
        """;

    private const string Release = """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: checkout, namespace: shop}
        spec:
          strategy:
            canary:
              canaryService: checkout-canary
              stableService: checkout-stable
              trafficRouting: {nginx: {stableIngress: checkout}}
              steps: [{setWeight: 5}]
        """;

    private readonly TemporaryFiles files = new();

    public void Dispose() => files.Dispose();

    public static TheoryData<string, string[]> OfTheEngine => new()
    {
        { "--prometheus 'localhost:9090'", ["--prometheus", "localhost:9090"] },
        { "--prometheus ''", ["--prometheus", ""] },
        { "--prometheus 'http://prometheus:9090'", ["--prometheus", "http://prometheus:9090", "--prometheus", "http://prometheus:9090"] },
        { "--prometheus 'http://prometheus:9090/'", ["--prometheus", "http://prometheus:9090", "--prometheus", "http://prometheus:9090/"] },
        { "--prometheus 'http://prometheus:99999'", ["--prometheus", "http://prometheus:99999"] },
        { "--web 'ftp://x'", ["--web", "ftp://x"] },
        { "--web 'HTTP://A:80/'", ["--web", "http://a", "--web", "HTTP://A:80/"] },
        { "--tokens 'x'", ["--tokens", "x"] },
        { "--port 70000", ["--port", "70000"] },
        { "--port -1", ["--port", "-1"] },
        { "--port", ["--port", "http"] },
        { "--state", ["--state", ""] },
        { "--kubeconfig", ["--kubeconfig", "BADCERTIFICATE"] },
        { "kubeconfig FOLDER", ["--kubeconfig", "FOLDER"] },
        { "FOLDER: ", ["--state", "FOLDER"] },
        { "--templates: ", ["--templates", ""] },
        { "--templates: ", ["--templates", "FILE"] },
    };

    public static TheoryData<string, string[]> OfTheServer => new()
    {
        { "--settings", ["--settings", ""] },
        { "--settings FOLDER", ["--settings", "FOLDER"] },
        { "--settings FILE", ["--settings", "FILE"] },
        { "--settings /nowhere/settings.json", ["--settings", "/nowhere/settings.json"] },
    };

    [Theory]
    [MemberData(nameof(OfTheEngine))]
    [MemberData(nameof(OfTheServer))]
    public Task Serve_BadOption_IsNamed(string named, string[] options) => IsRefusedAsync(named, ["serve", .. options]);

    [Theory]
    [MemberData(nameof(OfTheEngine))]
    public Task Run_BadOption_IsNamed(string named, string[] options) =>
        IsRefusedAsync(named, ["run", "--file", files.Write("release.yaml", Release), .. options]);

    [Theory]
    [InlineData("FOLDER: ", "run", "--file", "FOLDER")]
    [InlineData("'' names no file", "run", "--file", "")]
    [InlineData("--gateway a/b/c: ", "migrate", "--file", "FILE", "--gateway", "a/b/c")]
    [InlineData("--gateway ", "migrate", "--file", "FILE", "--gateway", "a\nb: c")]
    [InlineData("--outage -1: ", "demo", "good", "--outage", "-1")]
    [InlineData("--timeout -1s", "watch", "--server", "http://127.0.0.1:1", "--timeout", "-1s", "x")]
    [InlineData("--timeout 721h", "watch", "--server", "http://127.0.0.1:1", "--timeout", "721h", "x")]
    [InlineData("--timeout ", "watch", "--server", "http://127.0.0.1:1", "--timeout", "", "x")]
    [InlineData("--server ", "list", "--server", "")]
    [InlineData("--server http://x:99999", "list", "--server", "http://x:99999")]
    [InlineData("--key: ", "list", "--server", "http://127.0.0.1:1", "--key", "one\ntwo")]
    [InlineData("--key: ", "list", "--server", "http://127.0.0.1:1", "--key", "ключ")]
    public Task Other_BadOption_IsNamed(string named, params string[] args) => IsRefusedAsync(named, args);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Serve_PortThatMayNotBeBound_IsNamed(bool privileged)
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = privileged ? 1 : ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.SkipWhen(privileged && Environment.IsPrivilegedProcess, "this user may bind every port");
        await IsRefusedAsync($"--port {port}: ", ["serve", "--port", $"{port}"]);
    }

    /// <summary>As a process of its own, because the variable is everybody's in this one.</summary>
    [Theory]
    [InlineData("serve", "--port", "0")]
    [InlineData("list", "--server", "http://127.0.0.1:1")]
    public async Task Any_KeyInTheEnvironmentWithALineBreak_IsNamed(params string[] args)
    {
        string[] engine = args[0] == "serve" ? ["--kubeconfig", files.Write("cluster.yaml", Kubeconfigs.OfNobody), "--state", files.PathOf("rollouts.db")] : [];
        using Process process = RolloutsProcess.Start([.. args, .. engine], "0123456789abcdef\n0123456789abcdef");
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2, true), (process.ExitCode, error.StartsWith("$ROLLOUTS_KEY: ", StringComparison.Ordinal)));
        Assert.DoesNotContain("0123456789abcdef", error, StringComparison.Ordinal);
    }

    private async Task IsRefusedAsync(string named, string[] args)
    {
        string folder = Directory.CreateDirectory(files.PathOf("folder")).FullName;
        string file = files.Write("file.txt", "[1,");
        string[] standard = args[0] is "serve" or "run"
            ? [.. args, .. Missing("--kubeconfig", files.Write("cluster.yaml", Kubeconfigs.OfNobody)), .. Missing("--state", files.PathOf("rollouts.db")), .. Missing("--port", "0")]
            : args;

        CliRun run = await CliRun.RunAsync([.. standard.Select(a => Real(a))]).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(Real(named), run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);

        string[] Missing(string option, string value) => args.Contains(option) ? [] : [option, value];

        string Real(string text) => text
            .Replace("FOLDER", folder, StringComparison.Ordinal)
            .Replace("FILE", file, StringComparison.Ordinal)
            .Replace("BADCERTIFICATE", files.Write("bad.yaml", BadCertificate), StringComparison.Ordinal);
    }
}

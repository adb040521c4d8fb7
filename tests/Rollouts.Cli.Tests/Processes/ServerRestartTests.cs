using System.Diagnostics;
using k8s;
using k8s.Models;
using Rollouts.Cli.Tests.Remote;
using Rollouts.Sandbox.KubernetesApi;

namespace Rollouts.Cli.Tests.Processes;

/// <summary>A pipeline's <c>--wait</c> while the server's process is killed and started again, on a cluster that stays.</summary>
public sealed class ServerRestartTests : IDisposable
{
    private readonly TemporaryFiles files = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task Wait_ServersProcessIsKilledTwice_SeesTheEndAndEndsWithZero()
    {
        await using KubernetesApiServer cluster = await KubernetesApiServer.StartAsync(new(), Cancellation);
        using k8s.Kubernetes client = new(cluster.ClientConfiguration());
        await PrepareAsync(client);
        string kubeconfig = files.Write("kubeconfig.yaml", cluster.KubeConfigYaml(token: "sandbox"));
        string state = files.PathOf("rollouts.db");

        ServeProcess server = await ServeProcess.StartAsync(state, kubeconfig, 0);
        try
        {
            Uri address = server.Address;
            string release = files.Write("rollout.yaml", RemoteReleases.Asks);
            using Process waiting = RolloutsProcess.Start(["start", "-f", release, "--wait", "--timeout", "3m", "--server", address.ToString()], TestServer.Key);
            Task<string> said = waiting.StandardOutput.ReadToEndAsync(Cancellation);
            Task<string> complained = waiting.StandardError.ReadToEndAsync(Cancellation);
            try
            {
                string id = await PausedAsync(address);
                for (int kills = 0; kills < 2; kills++)
                {
                    await server.KillAsync();
                    await server.DisposeAsync();
                    await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
                    Assert.False(waiting.HasExited);
                    server = await ServeProcess.StartAsync(state, kubeconfig, address.Port);
                    Assert.Equal(id, await PausedAsync(address));
                }

                Assert.Equal(0, (await RunAsync("promote", id, "--server", address.ToString())).ExitCode);
                await waiting.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
                Assert.True(waiting.ExitCode == 0, await said + await complained);
                Assert.Contains("Promoted: ", await said, StringComparison.Ordinal);
                Assert.Contains("asking again", await complained, StringComparison.Ordinal);
                V1Ingress canary = await client.NetworkingV1.ReadNamespacedIngressAsync("checkout-checkout-canary", "shop", cancellationToken: Cancellation);
                Assert.Equal("100", canary.Metadata.Annotations["nginx.ingress.kubernetes.io/canary-weight"]);
            }
            finally
            {
                if (!waiting.HasExited)
                {
                    waiting.Kill(entireProcessTree: true);
                }
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<string> PausedAsync(Uri address)
    {
        for (int looks = 0; looks < 150; looks++)
        {
            CliRun list = await RunAsync("list", "-o", "json", "--server", address.ToString());
            if (list.ExitCode == 0 && list.Json.GetArrayLength() == 1 && list.Json[0].TryGetProperty("question", out _))
            {
                return list.Json[0].GetProperty("id").GetString()!;
            }

            await Task.Delay(200, Cancellation);
        }

        throw new TimeoutException("the rollout does not ask");
    }

    private static Task<CliRun> RunAsync(params string[] args) => CliRun.RunAsync([.. args, "--key", TestServer.Key]);

    private static async Task PrepareAsync(k8s.Kubernetes client)
    {
        await client.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = "shop" } }, cancellationToken: Cancellation);
        foreach (string service in (string[])["checkout-stable", "checkout-canary"])
        {
            await client.CreateNamespacedServiceAsync(
                new V1Service { Metadata = new() { Name = service }, Spec = new() { Ports = [new() { Port = 80 }] } }, "shop", cancellationToken: Cancellation);
        }

        V1HTTPIngressPath path = new() { Path = "/", PathType = "Prefix", Backend = new() { Service = new() { Name = "checkout-stable", Port = new() { Number = 80 } } } };
        await client.CreateNamespacedIngressAsync(
            new V1Ingress { Metadata = new() { Name = "checkout" }, Spec = new() { Rules = [new() { Host = "shop.example.com", Http = new() { Paths = [path] } }] } },
            "shop",
            cancellationToken: Cancellation);
    }
}

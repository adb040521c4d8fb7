using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Azure.Data.Tables;

namespace Rollouts.AzureStorage.Tests.Azurite;

/// <summary>Azurite's table service on a free port, in memory, for as long as the tests run.</summary>
public sealed class AzuriteServer : IAsyncLifetime
{
    private readonly string account = "rollouts";
    private readonly string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
    private Process? process;
    private int port;

    public TableServiceClient Tables => TableAccess.Connect(
        $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={key};TableEndpoint=http://127.0.0.1:{port}/{account};");

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string script = await AzuriteInstallation.EnsureAsync(cancellation);
        port = FreePort();
        string launch = Path.Combine(Path.GetDirectoryName(script)!, "table", "main.js");
        Environment.SetEnvironmentVariable("AZURITE_ACCOUNTS", $"{account}:{key}");
        process = AzuriteInstallation.Start(
            "node",
            [launch, "--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--tableHost", "127.0.0.1", "--tablePort", $"{port}"],
            "Azurite runs on Node.js; install it");
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var waited = Stopwatch.StartNew();
        while (!await AnswersAsync())
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"Azurite ended with {process.ExitCode}: {await errors}");
            }

            if (waited.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException("Azurite did not answer within 60 s");
            }

            await Task.Delay(100, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process?.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

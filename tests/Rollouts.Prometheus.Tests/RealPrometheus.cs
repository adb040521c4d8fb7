using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rollouts.Prometheus.Tests;

/// <summary>A real server on loopback that scrapes itself every second. It is gone when the test ends.</summary>
internal sealed class RealPrometheus : IAsyncDisposable
{
    private readonly Process process;
    private readonly string directory;

    private RealPrometheus(Process process, string directory, string address)
    {
        this.process = process;
        this.directory = directory;
        Address = address;
    }

    public string Address { get; }

    /// <param name="more">More of <c>prometheus.yml</c>.</param>
    /// <param name="webConfiguration">The file for <c>--web.config.file</c>, which may name <c>cert.pem</c> and <c>key.pem</c>.</param>
    /// <param name="files">Files beside it; of one named <c>history.om</c>, in OpenMetrics' format, the samples are there from the start.</param>
    public static async Task<RealPrometheus> StartAsync(
        string more = "", string? webConfiguration = null, params (string Name, string Content)[] files)
    {
        string directory = Directory.CreateTempSubdirectory("rollouts-prometheus-").FullName;
        foreach ((string name, string content) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(directory, name), content);
        }

        int port = FreePort();
        string scheme = files.Any(f => f.Name == "cert.pem") ? "https" : "http";
        await File.WriteAllTextAsync(Path.Combine(directory, "prometheus.yml"), $$"""
            global: { scrape_interval: 1s }
            scrape_configs:
            - job_name: self
              static_configs: [ { targets: ["127.0.0.1:{{port}}"] } ]
            {{more}}
            """);
        await File.WriteAllTextAsync(Path.Combine(directory, "web.yml"), webConfiguration ?? "");
        if (files.Any(f => f.Name == "history.om"))
        {
            using Process fill = Start(directory, "promtool", "tsdb", "create-blocks-from", "--quiet", "openmetrics", "history.om", "data");
            string errors = await fill.StandardError.ReadToEndAsync();
            await fill.WaitForExitAsync();
            Assert.True(fill.ExitCode == 0, errors);
        }

        Process process = Start(
            directory,
            "prometheus",
            "--config.file=prometheus.yml",
            "--web.config.file=web.yml",
            "--storage.tsdb.path=data",
            $"--web.listen-address=127.0.0.1:{port}",
            "--query.max-samples=100000",
            "--log.level=warn");
        var server = new RealPrometheus(process, directory, $"{scheme}://127.0.0.1:{port}");
        await server.WaitAsync(port);
        return server;
    }

    public Task StopAsync()
    {
        process.Kill();
        return process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static Process Start(string directory, string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, WorkingDirectory = directory })!;
        }
        catch (Win32Exception e)
        {
            Directory.Delete(directory, recursive: true);
            throw new InvalidOperationException($"this test needs the program '{program}' on the PATH (Debian's package prometheus has it)", e);
        }
    }

    // The port alone says when it listens, whatever it asks for before it answers.
    private async Task WaitAsync(int port)
    {
        for (int attempt = 0; attempt < 300; attempt++)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"prometheus ended: {await process.StandardError.ReadToEndAsync()}");
            }

            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(100);
            }
        }

        throw new TimeoutException("prometheus did not listen within 30 s");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

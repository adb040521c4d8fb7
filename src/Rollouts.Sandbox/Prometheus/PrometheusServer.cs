using System.Text.Json;
using Rollouts.Sandbox.Processes;

namespace Rollouts.Sandbox.Prometheus;

/// <summary>
/// A Prometheus of the sandbox's own. It can be stopped and started again on the same port and with the same data, to show
/// what an outage does to a rollout.
/// </summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    public const string Program = "prometheus";
    public const string DebianPackage = "prometheus";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ChildProcessOptions command;
    private readonly IReadOnlyList<ScrapeJob> jobs;
    private readonly HttpClient http;
    private readonly TimeProvider time;
    private ChildProcess? process;

    private PrometheusServer(IReadOnlyList<ScrapeJob> jobs, string folder, int port, HttpClient http, TimeProvider time)
    {
        this.jobs = jobs;
        this.http = http;
        this.time = time;
        port = port == 0 ? LoopbackPorts.Take() : port;
        Address = new($"http://127.0.0.1:{port}");
        var configuration = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(configuration, PrometheusConfiguration.Render(jobs));
        command = new()
        {
            Program = Program,
            DebianPackage = DebianPackage,
            Arguments =
            [
                $"--config.file={configuration}",
                $"--web.listen-address=127.0.0.1:{port}",
                $"--storage.tsdb.path={Path.Combine(folder, "data")}",
                "--log.level=warn",
            ],
            WorkingDirectory = folder,
        };
    }

    /// <summary>Where queries go, also while it is stopped.</summary>
    public Uri Address { get; }

    /// <summary>Its process id; null while it is stopped.</summary>
    public int? ProcessId => process?.Id;

    /// <summary>Starts Prometheus and waits until it has scraped every target of every job.</summary>
    /// <param name="jobs">What it scrapes.</param>
    /// <param name="folder">A folder of its own for configuration and data.</param>
    /// <param name="http">Asks Prometheus whether it is ready.</param>
    /// <param name="time">The clock of all waiting.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="port">On 127.0.0.1; 0 (the default) takes a free one.</param>
    /// <exception cref="ChildProcessException">Prometheus is missing or does not start.</exception>
    public static async Task<PrometheusServer> StartAsync(
        IReadOnlyList<ScrapeJob> jobs, string folder, HttpClient http, TimeProvider time, CancellationToken cancellationToken, int port = 0)
    {
        var server = new PrometheusServer(jobs, folder, port, http, time);
        await server.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>; without effect while it runs.</summary>
    /// <exception cref="ChildProcessException">It does not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (process is not null)
            return;
        process = ChildProcess.Start(command, time);
        try
        {
            await process.WaitUntilReadyAsync(HasScrapedAllAsync, Patience, cancellationToken);
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    /// <summary>Stops it: queries are refused until it is started again. Without effect while it is stopped.</summary>
    public async Task StopAsync()
    {
        if (process is null)
            return;
        await process.DisposeAsync();
        process = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<bool> HasScrapedAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            var query = Uri.EscapeDataString("count(up == 1)");
            using var response = await http.GetAsync(new Uri(Address, $"/api/v1/query?query={query}"), cancellationToken);
            if (!response.IsSuccessStatusCode)
                return false;
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return answer.RootElement.GetProperty("data").GetProperty("result") is { } result
                && result.GetArrayLength() == 1
                && result[0].GetProperty("value")[1].GetString() == jobs.Sum(job => job.Targets.Count).ToString();
        }
        catch (HttpRequestException)
        {
            return false; // It does not listen yet.
        }
    }
}

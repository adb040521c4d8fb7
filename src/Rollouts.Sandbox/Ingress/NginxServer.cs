using Rollouts.Sandbox.Processes;

namespace Rollouts.Sandbox.Ingress;

/// <summary>An nginx of the sandbox's own: started with a routing table, given new ones while it serves.</summary>
public sealed class NginxServer : IAsyncDisposable
{
    public const string Program = "nginx";
    public const string DebianPackage = "nginx-light";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly NginxSettings settings;
    private readonly HttpClient http;
    private readonly TimeProvider time;
    private ChildProcess? process;
    private int revision;
    private string served = "";

    private NginxServer(NginxSettings settings, HttpClient http, TimeProvider time)
    {
        this.settings = settings;
        this.http = http;
        this.time = time;
        Traffic = new TrafficLog(settings.TrafficLogFile);
    }

    /// <summary>Where requests go in.</summary>
    public Uri Address => new($"http://127.0.0.1:{settings.Port}");

    /// <summary>What nginx did with each request so far.</summary>
    public TrafficLog Traffic { get; }

    /// <summary>The process id of nginx's master process.</summary>
    public int ProcessId => process?.Id ?? throw new InvalidOperationException("nginx is not running.");

    /// <summary>Starts nginx and waits until it serves <paramref name="table"/>.</summary>
    /// <param name="table">The routes to begin with.</param>
    /// <param name="folder">A folder of its own for configuration, process id and traffic log.</param>
    /// <param name="http">Asks nginx which configuration it serves.</param>
    /// <param name="time">The clock of all waiting.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ChildProcessException">nginx is missing, refuses the configuration or does not start.</exception>
    public static async Task<NginxServer> StartAsync(
        RoutingTable table, string folder, HttpClient http, TimeProvider time, CancellationToken cancellationToken)
    {
        var server = new NginxServer(new() { Port = LoopbackPorts.Take(), Folder = folder }, http, time);
        try
        {
            await server.WriteAsync(table, cancellationToken);
            server.process = ChildProcess.Start(server.Command(server.settings.ConfigurationFile), time);
            await server.process.WaitUntilReadyAsync(server.ServesRevisionAsync, Patience, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Reloads nginx with another table. When this returns, every new connection and every new request is answered by it.
    /// Without effect when nothing in the table has changed.
    /// </summary>
    /// <exception cref="ChildProcessException">nginx refuses the configuration and goes on with the one before.</exception>
    public async Task ApplyAsync(RoutingTable table, CancellationToken cancellationToken)
    {
        if (process is null)
            throw new InvalidOperationException("nginx is not running.");
        if (NginxConfiguration.Render(table, settings, revision: "") == served)
            return;
        await WriteAsync(table, cancellationToken);
        var before = NginxWorkers.AcceptingUnder(ProcessId);
        process.Send(UnixSignal.Hangup);
        await process.WaitUntilReadyAsync(
            async cancellation =>
                !NginxWorkers.AcceptingUnder(ProcessId).Overlaps(before) && await ServesRevisionAsync(cancellation),
            Patience,
            cancellationToken);
        served = NginxConfiguration.Render(table, settings, revision: "");
    }

    /// <summary>Whether nginx's own PCRE takes this header pattern.</summary>
    public async Task<bool> CompilesAsync(string pattern, CancellationToken cancellationToken) =>
        await CheckAsync(NginxConfiguration.RenderPatternTrial(pattern, settings), "pattern.conf", cancellationToken) is null;

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        process = null;
    }

    private async Task WriteAsync(RoutingTable table, CancellationToken cancellationToken)
    {
        var text = NginxConfiguration.Render(table, settings, (++revision).ToString());
        if (await CheckAsync(text, "next.conf", cancellationToken) is { } refusal)
            throw new ChildProcessException($"nginx refuses the configuration made of the ingress objects:\n{refusal}");
        File.Move(Path.Combine(settings.Folder, "next.conf"), settings.ConfigurationFile, overwrite: true);
    }

    /// <summary>What nginx has against a configuration; null when it is valid.</summary>
    private async Task<string?> CheckAsync(string configuration, string file, CancellationToken cancellationToken)
    {
        var path = Path.Combine(settings.Folder, file);
        await File.WriteAllTextAsync(path, configuration, cancellationToken);
        var command = Command(path);
        var (exitCode, output) = await ChildProcess.RunAsync(
            command with { Arguments = ["-t", "-q", .. command.Arguments] }, Patience, time, cancellationToken);
        return exitCode == 0 ? null : output;
    }

    private ChildProcessOptions Command(string configuration) => new()
    {
        Program = Program,
        DebianPackage = DebianPackage,
        Arguments = ["-e", "stderr", "-p", settings.Folder, "-c", configuration],
        WorkingDirectory = settings.Folder,
    };

    private async Task<bool> ServesRevisionAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address) { Headers = { Host = NginxConfiguration.RevisionHost } };
        // A kept connection would be answered by the worker that it was made to.
        request.Headers.ConnectionClose = true;
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return await response.Content.ReadAsStringAsync(cancellationToken) == revision.ToString();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

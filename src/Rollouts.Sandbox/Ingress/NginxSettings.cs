namespace Rollouts.Sandbox.Ingress;

/// <summary>What the rendered configuration needs besides the routing table.</summary>
public sealed record NginxSettings
{
    /// <summary>The port on 127.0.0.1 that takes requests. Required.</summary>
    public required int Port { get; init; }

    /// <summary>A folder of its own for the process id and the traffic log. Required.</summary>
    public required string Folder { get; init; }

    public string ConfigurationFile => Path.Combine(Folder, "nginx.conf");

    public string ProcessIdFile => Path.Combine(Folder, "nginx.pid");

    public string TrafficLogFile => Path.Combine(Folder, "traffic.log");
}

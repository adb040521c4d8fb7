using System.Globalization;
using System.Text;
using static Rollouts.Sandbox.Ingress.NginxText;

namespace Rollouts.Sandbox.Ingress;

/// <summary>Renders a routing table as the configuration of a plain nginx, without Lua: maps, <c>split_clients</c>, upstreams.</summary>
public static class NginxConfiguration
{
    /// <summary>The host name under which nginx tells which configuration it serves.</summary>
    public const string RevisionHost = "revision.sandbox.invalid";

    /// <param name="table">The routes. A canary without an address is left out: its requests go to the main service.</param>
    /// <param name="settings">Where nginx listens and writes.</param>
    /// <param name="revision">What <see cref="RevisionHost"/> answers once nginx serves this configuration.</param>
    public static string Render(RoutingTable table, NginxSettings settings, string revision)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(settings);
        var text = new StringBuilder();
        WriteProcess(text, settings);
        text.AppendLine("http {");
        WriteDefaults(text, settings);
        WriteUpstreams(text, table);
        WriteRevisionHost(text, settings, revision);

        var number = 0;
        foreach (var host in table.Hosts)
        {
            var routes = host.Routes.Select(route => new NginxRoute(number++, route)).ToList();
            routes.ForEach(route => route.WriteDecision(text));
            WriteHost(text, settings, host.Name, NginxLocations.Of(routes));
        }

        if (table.Hosts.All(host => host.Name is not null))
            WriteHost(text, settings, name: null, []);
        return text.AppendLine("}").ToString();
    }

    /// <summary>A configuration that is valid exactly when the header pattern compiles in nginx's own PCRE.</summary>
    public static string RenderPatternTrial(string pattern, NginxSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var text = new StringBuilder();
        WriteProcess(text, settings);
        return text
            .AppendLine("http {")
            .AppendLine("access_log off;")
            .AppendLine("map $http_trial $trial {")
            .AppendLine($"    {Quote($"~{pattern}")} \"1\";")
            .AppendLine("}")
            .AppendLine("}")
            .ToString();
    }

    private static void WriteProcess(StringBuilder text, NginxSettings settings) => text.Append(CultureInfo.InvariantCulture, $$"""
        daemon off;
        worker_processes 1;
        worker_shutdown_timeout 5s;
        pid {{Quote(settings.ProcessIdFile)}};
        error_log stderr warn;
        events { worker_connections 1024; }

        """);

    // Clients' connections are not kept: an old worker resets idle ones as it ends, now and then with a request on the way.
    private static void WriteDefaults(StringBuilder text, NginxSettings settings) => text.Append(CultureInfo.InvariantCulture, $$"""
        log_format traffic escape=json '{"at":$msec,"host":"$host","decision":"$decision","backend":"$backend","status":$status,"seconds":$request_time}';
        access_log {{Quote(settings.TrafficLogFile)}} traffic;
        client_body_buffer_size 1m;
        client_max_body_size 1m;
        proxy_max_temp_file_size 0;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $host;
        proxy_set_header X-Request-ID $request_id;
        proxy_connect_timeout 2s;
        proxy_read_timeout 30s;
        keepalive_timeout 0;
        map_hash_bucket_size 512;
        server_names_hash_bucket_size 512;
        variables_hash_max_size 8192;

        """);

    private static void WriteUpstreams(StringBuilder text, RoutingTable table)
    {
        var backends = table.Hosts
            .SelectMany(host => host.Routes)
            .SelectMany(route => route.Canary is { } canary ? [route.Main, canary.Backend] : new[] { route.Main })
            .Where(backend => backend.Address is not null)
            .DistinctBy(backend => backend.Name);
        foreach (var backend in backends)
            text.AppendLine(CultureInfo.InvariantCulture, $"upstream {backend.Name} {{ server {backend.Address} max_fails=0; keepalive 32; }}");
    }

    private static void WriteRevisionHost(StringBuilder text, NginxSettings settings, string revision) => text.Append(CultureInfo.InvariantCulture, $$"""
        server {
            listen 127.0.0.1:{{settings.Port}};
            server_name {{RevisionHost}};
            access_log off;
            location / { return 200 {{Quote(revision)}}; }
        }

        """);

    private static void WriteHost(StringBuilder text, NginxSettings settings, string? name, IEnumerable<NginxLocation> locations)
    {
        text.AppendLine("server {");
        text.AppendLine(CultureInfo.InvariantCulture, $"    listen 127.0.0.1:{settings.Port}{(name is null ? " default_server" : "")};");
        if (name is not null)
            text.AppendLine(CultureInfo.InvariantCulture, $"    server_name {name};");
        text.AppendLine("    set $decision \"none\";");
        text.AppendLine("    set $backend \"\";");
        text.AppendLine("    location / { return 404; }", locations.Any(location => location.IsRoot));
        foreach (var location in locations)
            location.Write(text);
        text.AppendLine("}");
    }

    private static void AppendLine(this StringBuilder text, string line, bool unless)
    {
        if (!unless)
            text.AppendLine(line);
    }
}

using System.Text.Json.Nodes;
using Rollouts.Manifests.Documents;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Manifests.Migration;

/// <summary>What a move from ingress-nginx to the Gateway API comes to.</summary>
/// <param name="Files">The manifests with their routing rewritten; everything else in them, comments too, is as it was. Empty when there are problems.</param>
/// <param name="Routes">The HTTPRoutes to create, as YAML, one document each.</param>
/// <param name="Notes">What the move does not carry over, and what is to be looked at.</param>
/// <param name="Problems">Why nothing was rewritten.</param>
public sealed record GatewayMigrationResult(
    IReadOnlyList<ManifestFile> Files, IReadOnlyList<string> Routes, IReadOnlyList<string> Notes, IReadOnlyList<ManifestProblem> Problems);

/// <summary>
/// Rewrites a release that is routed by ingress-nginx so that an HTTPRoute of the Gateway API routes it, and writes that HTTPRoute. With the Ingress among
/// the files it has its hosts, paths and ports; without, the parts to fill in are marked.
/// </summary>
public static class GatewayMigration
{
    /// <param name="files">The release, and the Ingress objects that it names, each kind in files of its own.</param>
    /// <param name="gateway">The Gateway that the routes attach to, as <c>NAME</c> or <c>NAMESPACE/NAME</c>.</param>
    public static GatewayMigrationResult Run(IReadOnlyList<ManifestFile> files, string gateway)
    {
        ArgumentNullException.ThrowIfNull(files);
        var ingresses = new List<JsonObject>();
        ManifestFile[] release = [.. files.Where(f => !IngressFile.TryRead(f, ingresses))];
        ReleaseReading reading = ReleaseReader.Read(release);
        if (reading.Release is not { } read)
            return new([], [], [], [.. reading.Problems.Where(p => p.Severity == ProblemSeverity.Error)]);
        if (read.Target is not { Nginx: { } nginx, GatewayApi: null })
            return Refused(release[0], "is not routed by ingress-nginx, or by the Gateway API already; there is nothing to move");

        var notes = new List<string>();
        HttpRouteText[] routes =
        [
            .. nginx.StableIngresses.SelectMany(name => HttpRouteText.For(
                read.Target, name, ingresses.FirstOrDefault(i => IngressFile.IsOf(i, name, read.Namespace)), gateway, notes)),
        ];
        notes.AddRange(nginx.AdditionalIngressAnnotations.Keys.Concat(nginx.CanaryIngressAnnotations?.Keys ?? [])
            .Select(key => $"the annotation {key} of the canary ingress has no counterpart in an HTTPRoute"));
        string[] managed = read.Target.ManagedRoutes is null ? [.. read.Steps.OfType<SetHeaderRouteStep>().Select(s => s.Name).Distinct()] : [];
        ManifestFile[] rewritten = [.. release.Select(f => RoutingRewrite.Of(f, [.. routes.Select(r => r.Name)], managed, nginx.MaxTrafficWeight))];
        notes.Add("before the first rollout let the HTTPRoute serve all requests, then delete the Ingress and its canary ingress");

        // The result is held to the same rules as what came in.
        ReleaseReading after = ReleaseReader.Read(rewritten);
        return after.Release?.Target is { Nginx: null, GatewayApi: not null }
            ? new(rewritten, [.. routes.Select(r => r.Text)], notes, [])
            : new([], [], [], [.. after.Problems.Where(p => p.Severity == ProblemSeverity.Error).DefaultIfEmpty(Problem(release[0], "could not be rewritten; write trafficRouting by hand"))]);
    }

    private static GatewayMigrationResult Refused(ManifestFile file, string message) => new([], [], [], [Problem(file, message)]);

    private static ManifestProblem Problem(ManifestFile file, string message) =>
        new(file.Name, 1, "spec.strategy.canary.trafficRouting", ProblemSeverity.Error, message);
}

using System.Diagnostics;
using Rollouts.Manifests;

namespace Rollouts.Tests.Manifests;

/// <summary>Damaged manifests: whatever is done to one, reading it ends soon, with a release or with problems.</summary>
public sealed class MutationTests
{
    private const int Mutants = 20_000;

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ": ", "- ", "\n", "\n  ", "\t", "\"", "'", "|", ">", "&a", "*a", "!!str ", "#", "%", "---\n", "...\n", "<<: ", "? ",
        "{{args.x}}", "{{", "}}", "null", "true", "-1", "9999999999999999999", "1e999", "\0", "\u2028", "\ud83d", "\uFEFF", "setWeight", "metrics",
        "name: error-rate", "5m", "result[", "0x", "~", "\r", "\\", "\\u0000", "@",
    ];

    [Fact]
    public void Read_MutatedManifests_NeverThrowNorHang()
    {
        string[] seeds = [Manifest.Article, Manifest.Rollout + "---\n" + Manifest.Template, Full];
        foreach (string seed in seeds)
            Assert.DoesNotContain(Manifest.Read(seed).Problems, p => p.Severity == ProblemSeverity.Error);

        var random = new Random(20260801);
        int released = 0;
        var slow = new List<string>();
        for (int i = 0; i < Mutants; i++)
        {
            string text = seeds[i % seeds.Length];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                text = Mutate(text, random);

            long start = Stopwatch.GetTimestamp();
            ReleaseReading reading = Manifest.Read(text);
            // What another process did to this one is not repeated by a second reading.
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMilliseconds(100) && Again(text) > TimeSpan.FromMilliseconds(100))
                slow.Add(text);
            Assert.Equal(reading.HasErrors, reading.Release is null);
            Assert.All(reading.Problems, p => Assert.InRange(p.Line, 1, text.Length + 1));
            released += reading.Release is null ? 0 : 1;
        }

        Assert.Empty(slow);
        // Some mutants are fine, most are not; anything else says that the mutations are too weak or too strong.
        Assert.InRange(released, Mutants / 100, Mutants / 2);
    }

    private const string Full = """
        apiVersion: rolloutfunctions/v1
        kind: RolloutPolicy
        spec:
          noData: {action: wait, for: 5m, then: ask}
          question: {openFor: 1h, onExpiry: continue}
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web, namespace: shop, labels: {a: b}}
        spec:
          paused: false
          strategy:
            canary:
              canaryService: c
              stableService: s
              trafficRouting:
                maxTrafficWeight: 1000
                managedRoutes: [{name: internal}]
                nginx: {stableIngresses: [a, b], additionalIngressAnnotations: {load-balance: ewma}}
              steps:
              - setHeaderRoute: {name: internal, match: [{headerName: X-Canary, headerValue: {regex: "a.*"}}]}
              - setWeight: &w 50
              - analysis:
                  templates: [{templateName: both}, {templateName: shared, clusterScope: true}]
                  args: [{name: x, value: "0.5"}, {name: hash, valueFrom: {podTemplateHashValue: Latest}}]
                  dryRun: [{metricName: lat.*}]
              - setHeaderRoute: {name: internal}
              - setWeight: *w
        ---
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: {name: both}
        spec:
          args: [{name: x}, {name: hash}, {name: q, value: "0.99"}]
          metrics:
          - name: rate
            interval: 30s
            count: "5"
            successCondition: len(result) == 0 || result[0] <= {{args.x}}
            failureCondition: any(result, {# > 0.9})
            failureLimit: 2
            inconclusiveLimit: 1
            provider:
              prometheus:
                address: http://p:9090
                query: |
                  sum(rate(x{h="{{args.hash}}"}[5m]))
                headers: [{key: X-Scope-OrgID, value: t}]
          - {name: latency, failureCondition: "result[0] > 3", provider: {prometheus: {query: "histogram_quantile({{args.q}}, sum by (le) (x))"}}}
        ---
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "ClusterAnalysisTemplate", "metadata": {"name": "shared"},
         "spec": {"metrics": [{"name": "up", "successCondition": "all(result, # == 1)", "provider": {"prometheus": {"query": "up"}}}]}}

        """;

    private static string Mutate(string text, Random random)
    {
        if (text.Length < 2)
            return Pieces[random.Next(Pieces.Length)];
        int at = random.Next(text.Length);
        int length = Math.Min(text.Length - at, random.Next(1, 20));
        string[] lines = text.Split('\n');
        int line = random.Next(lines.Length);
        return random.Next(9) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
            2 => text.Remove(at, 1).Insert(at, ((char)random.Next(32, 127)).ToString()),
            3 => text.Insert(at, text.Substring(random.Next(text.Length - 1), 1)),
            4 => text.Insert(at, text.Substring(at, length)),
            5 => string.Join('\n', lines.Where((_, i) => i != line)),
            6 => string.Join('\n', lines.Select((l, i) => i == line ? "  " + l : l)),
            7 => string.Join('\n', lines.Take(line).Append(lines[random.Next(lines.Length)]).Concat(lines.Skip(line))),
            _ => text[..at],
        };
    }

    private static TimeSpan Again(string text)
    {
        long start = Stopwatch.GetTimestamp();
        Manifest.Read(text);
        return Stopwatch.GetElapsedTime(start);
    }
}

using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Traffic;

namespace Rollouts.Benchmarks.Domain;

/// <summary>
/// What the pure parts cost: a turn of the machine beside one JSON round trip of its own state, a condition, and a manifest. Figures are the best of
/// several batches, all in one run, because only ratios of one run mean something on a busy machine.
/// </summary>
internal static class DomainBenchmarks
{
    private const int Batches = 15;

    public static int Run()
    {
        string manifest = Manifest(steps: 20, metrics: 5);
        Release release = Read(manifest);
        Turn turn = MidAnalysis(release);
        byte[] stored = JsonSerializer.SerializeToUtf8Bytes(turn.Rollout, RolloutJson.Default.Rollout);
        Observation[] observations = [.. turn.Effects.OfType<TakeMeasurement>().Select(t => Taken(t, Start.AddMinutes(1)))];

        double advance = Best(2_000, () => RolloutMachine.Advance(turn.Rollout, observations, Start.AddMinutes(1)));
        double roundTrip = Best(2_000, () => JsonSerializer.SerializeToUtf8Bytes(
            JsonSerializer.Deserialize(stored, RolloutJson.Default.Rollout)!, RolloutJson.Default.Rollout));
        Print("advance: 20 steps, 5 metrics measured", advance, $"{advance / roundTrip:0.00} of one JSON round trip of the state");
        Print("JSON round trip of that state", roundTrip, $"{stored.Length} bytes");

        VectorValue value = new(ImmutableArray.Create(0.004));
        foreach (string source in (string[])["result[0] <= 0.01", "len(result) == 0 || (result[0] >= 0 && result[0] <= 0.01)", "all(result, # < 0.1)"])
        {
            Condition condition = Condition.Parse(source);
            Print($"condition {source}", Best(200_000, () => condition.Evaluate(value, Start)), "");
        }

        string large = Manifest(steps: 20, metrics: 5, padTo: 10_000);
        Print($"manifest of {large.Length} characters", Best(50, () => Read(large)), "");
        return 0;
    }

    private static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Nanoseconds a call, the best batch.</summary>
    private static double Best(int calls, Action action)
    {
        double best = double.MaxValue;
        for (int batch = 0; batch < Batches; batch++)
        {
            long begun = Stopwatch.GetTimestamp();
            for (int call = 0; call < calls; call++)
            {
                action();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(begun).TotalNanoseconds / calls);
        }

        return best;
    }

    private static void Print(string what, double nanoseconds, string note) => Console.WriteLine($"{what,-70} {nanoseconds / 1000,10:0.000} µs  {note}");

    private static Release Read(string manifest)
    {
        ReleaseReading reading = ReleaseReader.Read([new ManifestFile("benchmark.yaml", manifest)]);
        return reading.Release ?? throw new InvalidOperationException(string.Join('\n', reading.Problems));
    }

    /// <summary>The turn in which all metrics are due for the eighth time.</summary>
    private static Turn MidAnalysis(Release release)
    {
        DateTimeOffset now = Start;
        Turn turn = RolloutMachine.Start(release, "benchmark", "benchmark", now);
        for (int turns = 0; turns < 1000; turns++)
        {
            if (turn.Rollout.Analysis?.Metrics[0].Taken == 7 && turn.Effects.Any(e => e is TakeMeasurement))
            {
                return turn;
            }

            Observation[] observations = [.. turn.Effects.Select(e => Answer(e, now))];
            now = turn.WakeAt is { } wake && wake > now ? wake : now;
            turn = RolloutMachine.Advance(turn.Rollout, observations, now);
        }

        throw new InvalidOperationException("the analysis never came to its eighth measurement");
    }

    private static Observation Answer(Effect effect, DateTimeOffset now) => effect switch
    {
        InspectWorkload => new WorkloadInspected("stable", "canary"),
        ClaimTarget => new TargetClaimed(TrafficSplit.None),
        RouteTraffic route => new TrafficRouted(route.Split, route.Revision),
        InspectTraffic look => new TrafficInspected(new TrafficSplit(0, []), look.Revision),
        TakeMeasurement take => Taken(take, now),
        AppendJournal append => new JournalAppended(append.Entries[^1].Number),
        _ => throw new InvalidOperationException($"unexpected {effect}"),
    };

    private static MeasurementTaken Taken(TakeMeasurement take, DateTimeOffset now) => new(take.Run, take.Metric.Name, take.Number, new Measurement
    {
        StartedAt = now,
        FinishedAt = now,
        Phase = MeasurementPhase.Successful,
        Value = "[0.0032573289902280123]",
    });

    private static string Manifest(int steps, int metrics, int padTo = 0)
    {
        StringBuilder text = new("""
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: checkout, namespace: shop}
            spec:
              strategy:
                canary:
                  stableService: checkout-stable
                  canaryService: checkout-canary
                  trafficRouting: {nginx: {stableIngress: checkout}}
                  steps:
                  - setWeight: 5
                  - analysis: {templates: [{templateName: health}], args: [{name: service-name, value: checkout}]}

            """);
        for (int step = 3; step <= steps; step++)
        {
            text.Append(step % 2 == 0 ? "      - pause: {duration: 5m}\n" : $"      - setWeight: {step * 4}\n");
        }

        text.Append("---\napiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {name: health}\nspec:\n  args:\n  - name: service-name\n  metrics:\n");
        for (int metric = 0; metric < metrics; metric++)
        {
            text.Append($$$"""
                  - name: metric-{{{metric}}}
                    interval: 30s
                    count: 20
                    failureLimit: 2
                    successCondition: result[0] <= 0.01
                    failureCondition: result[0] > 0.05
                    provider:
                      prometheus:
                        query: |
                          sum(rate(http_requests_total{job="{{args.service-name}}", status=~"5..", path="/{{{metric}}}"}[5m]))
                          / sum(rate(http_requests_total{job="{{args.service-name}}", path="/{{{metric}}}"}[5m]))

                """);
        }

        for (int line = 0; text.Length < padTo; line++)
        {
            text.Append($"---\napiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nmetadata: {{name: spare-{line}}}\nspec:\n  metrics:\n  - name: m\n    interval: 1m\n    count: 5\n    successCondition: result[0] <= 0.01\n    provider: {{prometheus: {{query: \"sum(rate(errors[5m]))\"}}}}\n");
        }

        return text.ToString();
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Rollouts.Analysis;
using Rollouts.Embedded;
using Rollouts.Manifests;
using Rollouts.Prometheus;
using Rollouts.Steps;
using Rollouts.Traffic;

namespace Rollouts.Benchmarks.Embedded;

/// <summary>One run of the load; prints its figures as JSON.</summary>
internal static class EmbeddedRun
{
    public const string Command = "embedded-run";

    private const int SecondsBetweenMeasurements = 10;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(string[] args)
    {
        string address = args[0];
        int rollouts = int.Parse(args[1], CultureInfo.InvariantCulture);
        TimeSpan length = TimeSpan.FromSeconds(int.Parse(args[2], CultureInfo.InvariantCulture));
        DirectoryInfo folder = Directory.CreateTempSubdirectory("rollouts-benchmark-");
        try
        {
            await using ServiceProvider services = new ServiceCollection().AddPrometheus(PrometheusOptions.For(address)).BuildServiceProvider();
            StillCluster cluster = new();
            await using EmbeddedEngine engine = await EmbeddedEngine.OpenAsync(
                new EmbeddedOptions { Path = Path.Combine(folder.FullName, "rollouts.db") },
                new EffectPorts(cluster, cluster, services.GetRequiredService<IMetricProvider>()),
                TimeProvider.System,
                NullLogger.Instance,
                CancellationToken.None);
            using var stop = new CancellationTokenSource();
            Task running = engine.RunAsync(stop.Token);
            List<double> times = [];
            using MeterListener listener = Listen(times);
            await StartAsync(engine, rollouts);
            await Task.Delay(WarmUp);
            EmbeddedFigures figures = await MeasureAsync(times, rollouts, length);
            Console.WriteLine(JsonSerializer.Serialize(
                figures with { StateMegabytes = folder.EnumerateFiles().Sum(f => f.Length) / 1e6 }, FiguresJson.Default.EmbeddedFigures));
            await stop.CancelAsync();
            await running;
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static MeterListener Listen(List<double> times)
    {
        MeterListener listener = new()
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Name == "rollouts.embedded.due_to_done")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) =>
        {
            lock (times)
            {
                times.Add(seconds * 1000);
            }
        });
        listener.Start();
        return listener;
    }

    // Spread over one interval, as rollouts of independent teams are.
    private static async Task StartAsync(EmbeddedEngine engine, int rollouts)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < rollouts; i += 10)
        {
            await Task.WhenAll(Enumerable.Range(i, 10).Select(n => engine.StartAsync(Release(n), "benchmark", false, CancellationToken.None)));
            TimeSpan ahead = TimeSpan.FromSeconds((double)SecondsBetweenMeasurements * (i + 10) / rollouts) - Stopwatch.GetElapsedTime(begin);
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead);
            }
        }
    }

    private static async Task<EmbeddedFigures> MeasureAsync(List<double> times, int rollouts, TimeSpan length)
    {
        using var self = Process.GetCurrentProcess();
        lock (times)
        {
            times.Clear();
        }

        (TimeSpan all, TimeSpan kernel) before = (self.TotalProcessorTime, self.PrivilegedProcessorTime);
        long begin = Stopwatch.GetTimestamp();
        await Task.Delay(length);
        self.Refresh();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        double[] sorted;
        lock (times)
        {
            sorted = [.. times.Order()];
        }

        return new EmbeddedFigures
        {
            Rollouts = rollouts,
            MeasurementsPerSecond = sorted.Length / seconds,
            Cores = (self.TotalProcessorTime - before.all).TotalSeconds / seconds,
            KernelCores = (self.PrivilegedProcessorTime - before.kernel).TotalSeconds / seconds,
            Megabytes = self.PeakWorkingSet64 / 1e6,
            P50 = sorted[sorted.Length / 2],
            P99 = sorted[(int)(sorted.Length * 0.99)],
            Max = sorted[^1],
            StateMegabytes = 0,
        };
    }

    /// <summary>The article's steps and query; its analysis goes on for as long as the benchmark does.</summary>
    private static Release Release(int number) => new()
    {
        Name = $"checkout-{number}",
        Namespace = "shop",
        Digest = $"{number:x10}",
        Target = new TrafficTarget
        {
            Namespace = "shop",
            RolloutName = $"checkout-{number}",
            StableService = $"checkout-{number}-stable",
            CanaryService = $"checkout-{number}-canary",
            Nginx = new NginxRouting { StableIngresses = [$"checkout-{number}"] },
        },
        Steps =
        [
            new SetHeaderRouteStep("internal", [new HeaderMatch("X-Internal", HeaderMatchKind.Exact, "canary")]),
            new SetWeightStep(5),
            new AnalysisStep(
                [new TemplateReference("error-rate", false)],
                [new AnalysisArgument("service-name", "checkout"), new AnalysisArgument("canary-hash", null, PodTemplateHash.Latest)]),
            new SetWeightStep(25),
            new PauseStep(TimeSpan.FromMinutes(10)),
            new SetWeightStep(100),
        ],
        Templates = new Dictionary<string, AnalysisTemplate>
        {
            ["error-rate"] = new()
            {
                Name = "error-rate",
                Args = [new TemplateArgument("service-name", null), new TemplateArgument("canary-hash", null)],
                Metrics =
                [
                    new MetricTemplate
                    {
                        Name = "error-rate",
                        Interval = $"{SecondsBetweenMeasurements}s",
                        SuccessCondition = "result[0] <= 0.01",
                        FailureLimit = "2",
                        Prometheus = new PrometheusQuery
                        {
                            Query = """
                                sum(rate(http_requests_total{job="{{args.service-name}}",status=~"5..",version="{{args.canary-hash}}"}[5m]))
                                / sum(rate(http_requests_total{job="{{args.service-name}}",version="{{args.canary-hash}}"}[5m]))
                                """,
                        },
                    },
                ],
            },
        },
    };
}

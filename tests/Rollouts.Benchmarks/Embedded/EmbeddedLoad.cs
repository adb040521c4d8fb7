using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Rollouts.Benchmarks.Embedded;

/// <summary>
/// Rollouts in flight on the embedded engine, each measuring every ten seconds over HTTP against a stub in another process. Each size runs in a process
/// of its own, so that what it uses is its own.
/// </summary>
internal static class EmbeddedLoad
{
    private const double MostCores = 1.2;
    private const double MostMegabytes = 500;
    private const double MostMilliseconds = 500;
    private const double MostGrowth = 1.2;

    public static async Task<int> RunAsync(string[] args)
    {
        int seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
        int[] sizes = args.Length > 1 ? [.. args.Skip(1).Select(a => int.Parse(a, CultureInfo.InvariantCulture))] : [1000, 10_000];
        using Process stub = Start(PrometheusStub.Command);
        try
        {
            string address = await stub.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the stub did not start");
            List<EmbeddedFigures> all = [];
            Console.WriteLine("| rollouts | measurements/s | cores | of it kernel | RSS MB | p50 ms | p99 ms | max ms | CPU µs per rollout and second | state MB |");
            Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (int size in sizes)
            {
                using Process run = Start(EmbeddedRun.Command, address, $"{size}", $"{seconds}");
                string output = await run.StandardOutput.ReadToEndAsync();
                await run.WaitForExitAsync();
                EmbeddedFigures figures = JsonSerializer.Deserialize(output, FiguresJson.Default.EmbeddedFigures)!;
                all.Add(figures);
                Console.WriteLine(
                    $"| {size} | {figures.MeasurementsPerSecond:0} | {figures.Cores:0.00} | {figures.KernelCores:0.00} | {figures.Megabytes:0} | {figures.P50:0.0} | "
                    + $"{figures.P99:0.0} | {figures.Max:0} | {figures.MicrosecondsPerRollout:0.0} | {figures.StateMegabytes:0} |");
            }

            Judge(all);
            return 0;
        }
        finally
        {
            stub.Kill();
        }
    }

    private static void Judge(IReadOnlyList<EmbeddedFigures> all)
    {
        EmbeddedFigures first = all[0];
        EmbeddedFigures last = all[^1];
        double growth = last.MicrosecondsPerRollout / first.MicrosecondsPerRollout;
        Console.WriteLine();
        Say($"cores at {last.Rollouts}", last.Cores, MostCores);
        Say($"RSS in MB at {last.Rollouts}", last.Megabytes, MostMegabytes);
        Say($"p99 in ms at {last.Rollouts}", last.P99, MostMilliseconds);
        Say($"cost per rollout, {last.Rollouts} against {first.Rollouts}", growth, MostGrowth);
    }

    private static void Say(string what, double value, double limit) =>
        Console.WriteLine($"{(value <= limit ? "kept  " : "MISSED")} {what}: {value:0.00}, limit {limit}");

    private static Process Start(params string[] args) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(EmbeddedLoad).Assembly.Location, .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
}

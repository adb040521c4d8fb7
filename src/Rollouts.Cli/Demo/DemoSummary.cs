using System.Globalization;
using Rollouts.Cli.Output;
using Rollouts.Engine;
using Spectre.Console;

namespace Rollouts.Cli.Demo;

/// <summary>What a demo shows at its end.</summary>
internal static class DemoSummary
{
    public static void Print(CliConsole console, RolloutStatus status, IReadOnlyList<TrafficWindow> windows, TimeSpan took)
    {
        console.Out.WriteLine();
        console.Out.WriteLine($"{status.Outcome?.ToString() ?? status.Phase.ToString()} after {took.TotalSeconds:0} s: {status.Message}");
        console.Out.WriteLine();
        Table table = new Table().Border(TableBorder.Rounded).Title("Requests that nginx sent, by weight and by header")
            .AddColumns("weight", "requests", "to canary", "share", "by header");
        foreach (TrafficWindow window in windows)
        {
            table.AddRow(
                $"{window.Weight} %",
                $"{window.Counts.Weighted}",
                $"{window.Counts.WeightedCanary}",
                window.Counts.WeightedShare.ToString("0.0 %", CultureInfo.InvariantCulture),
                $"{window.Counts.HeaderCanary}");
        }

        console.Screen.Write(table);
    }
}

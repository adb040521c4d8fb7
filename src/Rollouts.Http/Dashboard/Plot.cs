using System.Globalization;
using Rollouts.Http.Pages;

namespace Rollouts.Http.Dashboard;

/// <summary>The drawing area of a chart: it fills whatever width there is, so it holds lines and dots only; what is to be read stands beside it.</summary>
internal sealed class Plot(DateTimeOffset from, DateTimeOffset to, double low, double high)
{
    private const int Width = 1000;
    private const int Height = 100;
    private const int Margin = 4;

    /// <summary>The area with what is drawn in it.</summary>
    /// <param name="says">What the picture shows, for those who do not see it.</param>
    /// <param name="drawn">Lines and dots.</param>
    public static Html Draw(string says, params IReadOnlyList<Html> drawn) => Html.Of(
        $"""<svg viewBox="0 0 {Width} {Height}" preserveAspectRatio="none" role="img" aria-label="{says}">{drawn}</svg>""");

    /// <summary>A line through points, straight from one to the next.</summary>
    public Html Line(string css, IEnumerable<(DateTimeOffset At, double Value)> points) =>
        Path(css, string.Join(' ', points.Select((p, i) => $"{(i == 0 ? 'M' : 'L')}{X(p.At)} {Y(p.Value)}")));

    /// <summary>A line that keeps a value until the next.</summary>
    public Html Steps(string css, IEnumerable<(DateTimeOffset At, double Value)> points) =>
        Path(css, string.Join(' ', points.Select((p, i) => i == 0 ? $"M{X(p.At)} {Y(p.Value)}" : $"H{X(p.At)} V{Y(p.Value)}")) + $" H{X(to)}");

    /// <summary>A dot. A line without length has round ends, which stay round whatever the width.</summary>
    public Html Dot(string css, DateTimeOffset at, double value) => Path($"dot {css}", $"M{X(at)} {Y(value)} h0");

    /// <summary>A value from side to side.</summary>
    public Html Level(string css, double value) => Path($"level {css}", $"M0 {Y(value)} H{Width}");

    private static Html Path(string css, string data) => Html.Of($"""<path class="{css}" d="{data}" vector-effect="non-scaling-stroke"/>""");

    private string X(DateTimeOffset at) =>
        Number(Margin + ((Width - (2 * Margin)) * Math.Clamp(Part((at - from).TotalSeconds, (to - from).TotalSeconds), 0, 1)));

    private string Y(double value) => Number(Height - Margin - ((Height - (2 * Margin)) * Part(value - low, high - low)));

    private static double Part(double part, double whole) => whole > 0 ? part / whole : 0.5;

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Rollouts.Manifests.Lint.PromQl;

/// <summary>Durations as PromQL writes them: <c>5m</c>, <c>1h30m</c>, <c>1d</c>, <c>100ms</c>.</summary>
internal static class PromQlDuration
{
    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800), ("y", 31_536_000)];

    public static bool TryParse(string word, out TimeSpan length)
    {
        length = default;
        double seconds = 0;
        ReadOnlySpan<char> rest = word;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out double number))
                return false;
            rest = rest[digits..];
            int letters = rest.IndexOfAnyInRange('0', '9');
            string unit = (letters < 0 ? rest : rest[..letters]).ToString();
            double scale = Units.FirstOrDefault(u => u.Unit == unit).Seconds;
            if (scale == 0)
                return false;
            seconds += number * scale;
            rest = rest[unit.Length..];
        }

        if (seconds is 0 or > 1e9)
            return false;
        length = TimeSpan.FromSeconds(seconds);
        return true;
    }
}

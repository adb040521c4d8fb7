using System.Globalization;

namespace Rollouts.Sandbox.KubernetesApi.Schemas;

/// <summary>Times as the API writes them.</summary>
internal static class Timestamps
{
    public static string Format(DateTimeOffset time, bool micro = false) =>
        time.UtcDateTime.ToString(micro ? "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

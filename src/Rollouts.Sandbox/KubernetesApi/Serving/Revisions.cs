using System.Globalization;
using Rollouts.Sandbox.KubernetesApi.Requests;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>The <c>resourceVersion</c> of a list or watch.</summary>
internal static class Revisions
{
    /// <returns>Null when none is given.</returns>
    public static long? Read(ApiRequest request)
    {
        var text = request.Query["resourceVersion"].ToString();
        return text.Length == 0
            ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
                ? revision
                : throw ApiFailure.Internal($"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
    }
}

using System.Text.Json;

namespace Rollouts.Analysis.Arguments;

/// <summary>Values inside the texts of JSON.</summary>
internal static class JsonText
{
    /// <summary>A value as it stands between the quotes of a JSON text.</summary>
    public static string Escape(string value) => JsonEncodedText.Encode(value).ToString();
}

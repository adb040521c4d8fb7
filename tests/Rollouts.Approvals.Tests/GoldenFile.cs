using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Rollouts.Approvals.Tests;

/// <summary>
/// Compares JSON with a file, as JSON. Signed texts are left out: they differ each time. With <c>ROLLOUTS_WRITE_GOLDEN</c> set to a folder the file is written
/// there instead, to be looked at and taken over by hand.
/// </summary>
internal static partial class GoldenFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Check(string name, string json)
    {
        JsonNode actual = JsonNode.Parse(Signed().Replace(json, "SIGNED"))!;
        if (Environment.GetEnvironmentVariable("ROLLOUTS_WRITE_GOLDEN") is { } folder)
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.json"), actual.ToJsonString(Indented) + "\n");
        }

        JsonNode expected = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.json")))!;
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{name}.json differs; what was written is{Environment.NewLine}{actual.ToJsonString(Indented)}");
    }

    [GeneratedRegex(@"k1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")]
    private static partial Regex Signed();
}

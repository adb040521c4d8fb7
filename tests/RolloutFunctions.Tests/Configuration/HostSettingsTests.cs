using System.Text.Json;

namespace RolloutFunctions.Tests.Configuration;

/// <summary>host.json, each value of which has its reason in the README.</summary>
public sealed class HostSettingsTests
{
    private static string Folder => AppContext.BaseDirectory;

    public static TheoryData<string> Values => [.. Leaves(Host().RootElement.GetProperty("extensions")).Concat(Leaves(Host().RootElement.GetProperty("logging"))).Order()];

    [Theory]
    [MemberData(nameof(Values))]
    public void Value_OfHostJson_HasItsReasonInTheReadme(string name)
    {
        string readme = File.ReadAllText(Path.Combine(Folder, "README.md"));
        int begin = readme.IndexOf("### `host.json`", StringComparison.Ordinal);
        string section = readme[begin..readme.IndexOf("\n## ", begin, StringComparison.Ordinal)];

        Assert.Contains(section.Split('\n'), line => line.StartsWith('|') && line.Split('|')[1].Contains(name, StringComparison.Ordinal) && line.Split('|')[2].Trim().Length > 10);
    }

    /// <summary>What a span or a queue holds, and for how long nobody takes up a dead host's work, is part of the design and not of taste.</summary>
    [Fact]
    public void Values_ThatTheDesignRestsOn_AreSet()
    {
        JsonElement durable = Host().RootElement.GetProperty("extensions").GetProperty("durableTask");

        Assert.Equal(("Rollouts", "1.0"), (durable.GetProperty("hubName").GetString(), durable.GetProperty("defaultVersion").GetString()));
        Assert.InRange(TimeSpan.Parse(durable.GetProperty("storageProvider").GetProperty("maxQueuePollingInterval").GetString()!, null), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.False(durable.GetProperty("tracing").GetProperty("traceInputsAndOutputs").GetBoolean());
        Assert.Equal("V2", durable.GetProperty("tracing").GetProperty("version").GetString());
    }

    private static JsonDocument Host() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "host.json")));

    private static IEnumerable<string> Leaves(JsonElement element) => element.EnumerateObject()
        .SelectMany(p => p.Value.ValueKind == JsonValueKind.Object ? Leaves(p.Value) : [p.Name]);
}

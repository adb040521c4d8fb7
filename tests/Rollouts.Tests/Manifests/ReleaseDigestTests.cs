using System.Text.Json;
using System.Text.Json.Nodes;
using Rollouts.Machine;
using Rollouts.Manifests;
using Rollouts.Manifests.Checks;
using Rollouts.Policy;
using Rollouts.Steps;
using Rollouts.Tests.Machine;

namespace Rollouts.Tests.Manifests;

public sealed class ReleaseDigestTests
{
    private static readonly Release Sample = Releases.Article();

    [Fact]
    public void Json_MembersAtTheirDefault_AreLeftOut()
    {
        JsonObject json = JsonSerializer.SerializeToNode(Sample, WithoutDefaults.Options.GetTypeInfo(typeof(Release)))!.AsObject();

        Assert.Equal(["digest", "name", "namespace", "steps", "target", "templates"], json.Select(m => m.Key));
        Assert.Equal(
            """{"name":"error-rate","metrics":[{"failureCondition":"result[0] \u003E 0.05","name":"error-rate","prometheus":{"query":"vector(0)"},"successCondition":"result[0] \u003C= 0.01"}]}""",
            Ordered(json["templates"]!["error-rate"]!));
        Assert.Equal("""{"step":"setWeight","weight":5}""", json["steps"]![1]!.ToJsonString());
    }

    [Fact]
    public void Of_FieldGivenWithItsDefault_IsTheSame()
    {
        string before = ReleaseDigest.Of(Sample);

        Assert.Equal(before, ReleaseDigest.Of(Sample with { Policy = new RolloutPolicy(), Background = null, Paused = false }));
        Assert.Equal(before, ReleaseDigest.Of(Sample with { Policy = new RolloutPolicy { Question = new() { OpenFor = TimeSpan.FromHours(24) } } }));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Of_AnyOtherValue_IsAnother(string change) => Assert.NotEqual(ReleaseDigest.Of(Sample), ReleaseDigest.Of(Changed[change]));

    private static Dictionary<string, Release> Changed { get; } = new()
    {
        ["name"] = Sample with { Name = "other" },
        ["paused"] = Sample with { Paused = true },
        ["no steps"] = Sample with { Steps = [] },
        ["a step less"] = Sample with { Steps = [.. Sample.Steps.Skip(1)] },
        ["a step of default values more"] = Sample with { Steps = [new SetWeightStep(0), .. Sample.Steps] },
        ["background analysis"] = Sample with { Background = new BackgroundAnalysis(Releases.ErrorRate) },
        ["null instead of a default"] = Sample with { Policy = Sample.Policy with { Question = new() { OpenFor = null } } },
        ["bake time"] = Sample with { Policy = Sample.Policy with { Bake = new() { For = TimeSpan.FromMinutes(1) } } },
        ["deadline"] = Sample with { ProgressDeadline = TimeSpan.FromMinutes(1) },
    };

    public static TheoryData<string> Changes { get; } = [.. Changed.Keys];

    private static string Ordered(JsonNode template)
    {
        JsonObject read = template.AsObject();
        return new JsonObject { ["name"] = read["name"]!.DeepClone(), ["metrics"] = read["metrics"]!.DeepClone() }.ToJsonString();
    }
}

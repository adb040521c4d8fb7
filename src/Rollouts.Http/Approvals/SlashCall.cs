using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;
using Rollouts.Approvals.Slack;

namespace Rollouts.Http.Approvals;

/// <summary>A slash command: <c>/rollouts VERB ROLLOUT why</c>.</summary>
internal sealed record SlashCall(
    string Verb, string Name, string Reason, string Team, string User, string UserName, string TriggerId, string ResponseUrl)
{
    public static SlashCall Of(Dictionary<string, StringValues> form)
    {
        string[] words = Field("text").Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new SlashCall(
            words.ElementAtOrDefault(0)?.ToLowerInvariant() ?? "",
            words.ElementAtOrDefault(1) ?? "",
            words.ElementAtOrDefault(2) ?? "",
            Field("team_id"),
            Field("user_id"),
            Field("user_name"),
            Field("trigger_id"),
            Field("response_url"));

        string Field(string name) => form.GetValueOrDefault(name).ToString();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SlackReply))]
internal sealed partial class SlackReplyJson : JsonSerializerContext;

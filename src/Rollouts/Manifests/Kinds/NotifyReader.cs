using Rollouts.Manifests.Fields;
using Rollouts.Policy;

namespace Rollouts.Manifests.Kinds;

/// <summary>Reads whom a release tells. Whether the operator has set the channels up is asked when it starts.</summary>
internal static class NotifyReader
{
    private const int MostChannels = 5;

    public static NotifyPolicy? Read(FieldReader spec)
    {
        if (spec.Object("notify", PolicyFields.Notify) is not { } reader)
            return null;
        reader.Require("channels", "names of channels that the operator has set up");
        var policy = new NotifyPolicy { Channels = Names(reader, "channels"), RemindEvery = reader.Duration("remindEvery") };
        if (policy.RemindEvery < TimeSpan.FromMinutes(1))
            reader.Problems.Error(reader.At("remindEvery"), "must be 1m or longer; leave it out for no reminders");
        if (reader.Has("events"))
            policy = policy with { Events = [.. reader.List("events", 3).Select(e => Event(e, reader)).OfType<NotifyEvent>().Distinct()] };
        if (reader.Object("escalate", PolicyFields.Escalate) is not { } escalate)
            return policy;
        escalate.Require("after", "how long the question is open before, for instance 4h");
        escalate.Require("to", "names of channels that the operator has set up");
        return policy with { EscalateAfter = escalate.Duration("after"), EscalateTo = Names(escalate, "to") };
    }

    private static NotifyEvent? Event(Element element, FieldReader reader)
    {
        if (element.AsText(reader.Problems) is not { } text)
            return null;
        NotifyEvent? read = text switch
        {
            "started" => NotifyEvent.Started,
            "question" => NotifyEvent.Question,
            "outcome" => NotifyEvent.Outcome,
            _ => null,
        };
        if (read is null)
            reader.Problems.Error(element.Place, "must be started, question or outcome");
        return read;
    }

    private static IReadOnlyList<string> Names(FieldReader reader, string field) =>
        [.. reader.List(field, MostChannels).Select(e => Name(e, reader)).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static string? Name(Element element, FieldReader reader)
    {
        string? name = element.AsText(reader.Problems);
        if (name is null || (name.Length is > 0 and <= 50 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
            return name;
        reader.Problems.Error(element.Place, $"must be a channel's name of 1 to 50 letters, digits, - and _; found {Shown.Text(name)}");
        return null;
    }
}

using Rollouts.Engine;
using Rollouts.Journal;
using Rollouts.Notifications;
using Rollouts.Policy;
using Rollouts.Questions;

namespace Rollouts.Machine;

/// <summary>
/// Tells channels. Nothing in a rollout waits for chat: a post is an effect like any other, tried again with growing rests, given up after
/// <see cref="TellFor"/>, and at the end of the rollout after <see cref="TellOutcomeFor"/>; the journal then says so. Chat that says how long it wants to be
/// left alone is, up to <see cref="LongestAskedRest"/>.
/// </summary>
internal sealed partial class TurnInProgress
{
    private static readonly TimeSpan TellFor = TimeSpan.FromHours(1);

    /// <summary>
    /// A post of which nobody knows how it ended is left alone for a minute before it is looked for. The rests of 5, 10, 20 and 60 seconds lead past that minute,
    /// also where chat had asked for a rest of half a minute before. The target is free all the while: only the journal stays open.
    /// </summary>
    private static readonly TimeSpan TellOutcomeFor = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LongestAskedRest = TimeSpan.FromMinutes(10);

    /// <summary>The oldest are forgotten beyond this many, so that the state stays small whatever channels do.</summary>
    private const int MostNotices = 24;

    private static readonly int[] TellAgainSeconds = [5, 10, 20, 60, 120, 300];

    private NotifyPolicy? Telling => rollout.Release.Policy.Notify;

    private bool MustStillTell => rollout.Notices.Any(n => n.IsPending);

    private void TellStart()
    {
        if (Tells(NotifyEvent.Started))
        {
            Tell(Telling!.Channels, "started.1", NoticeKind.Started, null);
        }
    }

    /// <summary>Brings what channels are to show in line with the rollout.</summary>
    private void RefreshNotices()
    {
        rollout = rollout with { Notices = [.. rollout.Notices.Select(Refreshed).Where(IsOfUse)] };
        if (rollout.Question is { } open && Tells(NotifyEvent.Question))
        {
            TellOf(open);
        }

        if (rollout is { Outcome: not null, Stage: RolloutStage.Closing } && rollout.OutcomeToldFor < rollout.Attempt)
        {
            rollout = rollout with { OutcomeToldFor = rollout.Attempt };
            if (Tells(NotifyEvent.Outcome))
            {
                Tell(Telling!.Channels, $"outcome.{rollout.Attempt}", NoticeKind.Outcome, null);
            }
        }

        GiveUpTelling();
    }

    /// <summary>What no channel has taken by now is not tried again; the journal is closed no sooner than it says so.</summary>
    private void GiveUpTelling()
    {
        if (TellingEndsAt is not { } end || now < end)
        {
            return;
        }

        foreach (Notice notice in rollout.Notices.Where(n => n.IsPending).ToArray())
        {
            GiveUp(notice, $"no answer within {GoDuration.Format(TellOutcomeFor)} of the rollout's end");
        }
    }

    /// <summary>When telling ends, in a rollout that has ended.</summary>
    private DateTimeOffset? TellingEndsAt => rollout.Stage == RolloutStage.Closing ? rollout.FinishedAt + TellOutcomeFor : null;

    private void GiveUp(Notice notice, string why)
    {
        Replace(notice, notice with { Shown = notice.Wanted, RetryAt = null });
        Record(EventType.NoticeGivenUp, $"{notice.Key} is not shown in {notice.Channel}: {why}");
    }

    private void TellOf(Question open)
    {
        NotifyPolicy telling = Telling!;
        if (open.AskedAt == now && !rollout.Notices.Any(n => n.Key == open.Id))
        {
            Tell(telling.Channels, open.Id, NoticeKind.Question, open);
        }

        // Those that came due while nobody was there to tell them are told once.
        int due = telling.RemindEvery is { } every ? (int)Math.Min((now - open.AskedAt) / every, int.MaxValue) : 0;
        if (due > open.Reminders)
        {
            rollout = rollout with { Question = open = open with { Reminders = due } };
            Tell(telling.Channels, $"{open.Id}.r{due}", NoticeKind.Reminder, open);
        }

        if (!open.Escalated && now >= open.AskedAt + telling.EscalateAfter)
        {
            rollout = rollout with { Question = open = open with { Escalated = true } };
            Tell(telling.EscalateTo, $"{open.Id}.e", NoticeKind.Escalation, open);
        }
    }

    private void Tell(IReadOnlyList<string> channels, string key, NoticeKind kind, Question? question) =>
        rollout = rollout with
        {
            Notices =
            [
                .. rollout.Notices,
                .. channels.Select(c => new Notice { Key = key, Channel = c, Kind = kind, Since = now, Question = question }),
            ],
        };

    /// <summary>A question that was closed, or has other approvals, is to be shown so.</summary>
    private Notice Refreshed(Notice notice)
    {
        if (notice is not { Question: { } asked, End: null })
        {
            return notice;
        }

        if (rollout.Question?.Id == asked.Id)
        {
            int wanted = 1 + rollout.Votes.Count;
            return wanted > notice.Wanted && notice.Kind != NoticeKind.Reminder ? Again(notice) with { Wanted = wanted } : notice;
        }

        QuestionEnd end = rollout.LastQuestion is { } last && last.Id == asked.Id
            ? last
            : new QuestionEnd(asked.Id, QuestionEnding.Superseded, null, now, "closed");
        // What was said about a reminder is said by the question itself.
        return notice.Kind == NoticeKind.Reminder ? notice with { End = end, Wanted = notice.Shown } : Again(notice) with { End = end, Wanted = notice.Wanted + 1 };
    }

    private Notice Again(Notice notice) => notice with { WantedSince = now, Failures = 0, RetryAt = null };

    /// <summary>Shown for good, as a reminder is once it is there, or closed before anybody was told: nothing is left to do for it.</summary>
    private static bool IsOfUse(Notice notice) => notice switch
    {
        { End: not null, Tried: false } => false,
        { IsPending: true } => true,
        { Kind: NoticeKind.Reminder } => false,
        { Question: not null, End: null } => true,
        _ => false,
    };

    private IEnumerable<Effect> Notifying()
    {
        if (rollout.Notices.Count > MostNotices)
        {
            rollout = rollout with { Notices = [.. rollout.Notices.TakeLast(MostNotices)] };
        }

        foreach (Notice notice in rollout.Notices.Where(n => n.IsPending && !(n.RetryAt > now)).ToArray())
        {
            Replace(notice, notice with { Tried = true });
            yield return new Notify(PostOf(notice)) { Order = 3 };
        }
    }

    private NoticePost PostOf(Notice notice)
    {
        RolloutStatus status = RolloutStatusView.Of(rollout, null);
        Question? open = notice is { Question: { } asked, End: null } && rollout.Question?.Id == asked.Id ? rollout.Question : null;
        return new NoticePost
        {
            Key = notice.Key,
            Channel = notice.Channel,
            Kind = notice.Kind,
            Version = notice.Wanted,
            MessageId = notice.MessageId,
            ReplyTo = notice.Kind == NoticeKind.Reminder
                ? rollout.Notices.FirstOrDefault(n => n.Channel == notice.Channel && n.Key == notice.Question?.Id)?.MessageId
                : null,
            Since = notice.Since,
            Rollout = rollout.Id,
            Name = rollout.Release.Name,
            Namespace = rollout.Release.Namespace,
            Where = rollout.CurrentStep is { } step
                ? $"step {rollout.StepIndex + 1} of {rollout.Release.Steps.Count} ({step.Title}), weight {Weight} of {rollout.Release.Target.MaxWeight}"
                : $"weight {Weight} of {rollout.Release.Target.MaxWeight}",
            Question = notice.Question,
            End = notice.End,
            Otherwise = open is null ? null : Unanswered.Of(open, Policy),
            Approvals = open is null ? null : ApprovalCount.Of(rollout, open),
            SignIn = ApprovalCount.PoliciesOf(rollout).Any(p => p.SignIn),
            Evidence = open is null ? null : QuestionEvidence.Of(status),
            Outcome = notice.Kind == NoticeKind.Outcome ? rollout.Outcome : null,
            Message = notice.Kind switch
            {
                NoticeKind.Outcome => rollout.Message,
                NoticeKind.Started => rollout.Release.Requester is { } requester ? $"asked for by {requester}" : null,
                _ => null,
            },
        };
    }

    private void Shown(Notified notified)
    {
        if (rollout.Notices.FirstOrDefault(n => n.Key == notified.Key && n.Channel == notified.Channel) is not { } notice || notified.Version <= notice.Shown)
        {
            return;
        }

        Replace(notice, notice with { Shown = notified.Version, MessageId = notified.MessageId ?? notice.MessageId, Failures = 0, RetryAt = null });
        string form = notice.Shown == 0 ? "posted to" : "brought up to date in";
        Record(
            notified.InDoubt ? EventType.NoticeGivenUp : EventType.NoticePosted,
            notified.InDoubt
                ? $"{notice.Key}: an attempt to post to {notice.Channel} broke off; it may or may not be there, and is not tried again so that it is not there twice"
                : $"{notice.Key} {form} {notice.Channel}");
    }

    private void NotShown(NoticePost post, EffectFailed failed)
    {
        if (rollout.Notices.FirstOrDefault(n => n.Key == post.Key && n.Channel == post.Channel) is not { } notice || post.Version <= notice.Shown)
        {
            return;
        }

        DateTimeOffset again = now + Rest(notice, failed);
        bool hopeless = failed.Kind is FailureKind.Invalid or FailureKind.NotFound
            || again >= (notice.WantedSince ?? notice.Since) + TellFor
            || again >= TellingEndsAt;
        if (hopeless)
        {
            GiveUp(notice, failed.Message);
            return;
        }

        Replace(notice, notice with { Failures = notice.Failures + 1, RetryAt = again });
        if (notice.Failures == 0)
        {
            Record(EventType.NoticeFailing, $"{notice.Key} can't be shown in {notice.Channel}, trying again: {failed.Message}");
        }
    }

    private static TimeSpan Rest(Notice notice, EffectFailed failed)
    {
        TimeSpan own = TimeSpan.FromSeconds(TellAgainSeconds[Math.Min(notice.Failures, TellAgainSeconds.Length - 1)]);
        return failed.RetryAfter is not { } asked || asked <= own ? own
            : asked <= LongestAskedRest ? asked
            : LongestAskedRest;
    }

    private void Replace(Notice notice, Notice by) =>
        rollout = rollout with { Notices = [.. rollout.Notices.Select(n => n.Key == by.Key && n.Channel == by.Channel ? by : n)] };

    private IEnumerable<DateTimeOffset?> NoticeTimes()
    {
        foreach (Notice notice in rollout.Notices.Where(n => n.IsPending))
        {
            yield return notice.RetryAt;
        }

        if (MustStillTell)
        {
            yield return TellingEndsAt;
        }

        if (rollout.Question is { } open && Tells(NotifyEvent.Question))
        {
            yield return open.AskedAt + ((open.Reminders + 1) * Telling!.RemindEvery);
            yield return open.Escalated ? null : open.AskedAt + Telling.EscalateAfter;
        }
    }

    private bool Tells(NotifyEvent what) => Telling is { } telling && telling.Events.Contains(what);
}

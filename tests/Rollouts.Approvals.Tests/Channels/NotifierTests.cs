using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Rollouts.Approvals.Settings;
using Rollouts.Notifications;

namespace Rollouts.Approvals.Tests.Channels;

/// <summary>Whatever chat does, a post is there once.</summary>
public sealed class NotifierTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(Posts.Noon);
    private readonly MemoryOutbox outbox = new();
    private ChatStandIn chat = null!;
    private ServiceProvider services = null!;
    private INotifier notifier = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        chat = await ChatStandIn.StartAsync();
        services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<INotificationOutbox>(outbox)
            .AddApprovals(new ApprovalSettings
            {
                Slack = new SlackSettings { BotToken = "xoxb-1", ApiAddress = $"{chat.Address}/api/" },
                Links = new LinkSettings { PublicAddress = "https://rollouts.example.com/", Keys = [Signers.First] },
                Channels = new Dictionary<string, ChannelSettings>
                {
                    ["team"] = new() { Slack = "C1" },
                    ["ops"] = new() { Teams = $"{chat.Address}/workflow" },
                    ["gone"] = new() { Teams = "http://127.0.0.1:1/workflow?sig=secret" },
                },
            })
            .BuildServiceProvider();
        notifier = services.GetRequiredService<INotifier>();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await chat.DisposeAsync();
    }

    [Fact]
    public async Task PostAsync_Slack_PostsOnceAndIsBroughtUpToDate()
    {
        NoticeReceipt first = await Post(Posts.Question);
        NoticeReceipt closed = await Post(Posts.Closed with { MessageId = first.MessageId });
        Assert.Equal(first.MessageId, closed.MessageId);
        Assert.Contains("is closed", Assert.Single(chat.Messages).Value["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("C1", chat.Messages[first.MessageId!]["channel"]!.GetValue<string>());
        Assert.False(chat.Messages[first.MessageId!]["unfurl_links"]!.GetValue<bool>());
    }

    [Fact]
    public async Task PostAsync_SlackAnswerKnownToTheOutboxOnly_IsNotPostedAgain()
    {
        NoticeReceipt first = await Post(Posts.Question);
        Assert.Equal(first, await Post(Posts.Question));
        Assert.Equal(1, chat.Calls["chat.postMessage"]);
    }

    [Theory]
    [InlineData(Fate.TakenThenBroken)]
    [InlineData(Fate.TakenThenSilent)]
    [InlineData(Fate.TakenThen500)]
    public async Task PostAsync_SlackTookItAndNobodyHeard_IsFoundAgain(Fate fate)
    {
        await Post(Posts.Outcome);
        chat.Fates.Enqueue(fate);
        Assert.Equal(FailureKind.Transient, (await Fails(Posts.Question)).Kind);
        await Post(Posts.Started);
        await Post(Posts.Reminder);
        Assert.Contains("may still come through", (await Fails(Posts.Question)).Message, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromSeconds(61));
        NoticeReceipt found = await Post(Posts.Question);
        Assert.Equal("q1", chat.Messages[found.MessageId!]["metadata"]!["event_payload"]!["post"]!.GetValue<string>());
        Assert.Equal(4, chat.Messages.Count);
    }

    [Theory]
    [InlineData(Fate.TakenThenBroken)]
    [InlineData(Fate.TakenThenSilent)]
    [InlineData(Fate.TakenThen500)]
    public async Task PostAsync_SlackTookAReminderAndNobodyHeard_IsFoundInItsThread(Fate fate)
    {
        string question = (await Post(Posts.Question)).MessageId!;
        NoticePost reminder = Posts.Reminder with { ReplyTo = question };
        await Post(reminder with { Key = "q1.r0" });
        chat.Fates.Enqueue(fate);
        Assert.Equal(FailureKind.Transient, (await Fails(reminder)).Kind);
        time.Advance(TimeSpan.FromSeconds(61));

        NoticeReceipt found = await Post(reminder);

        Assert.Equal("q1.r1", chat.Messages[found.MessageId!]["metadata"]!["event_payload"]!["post"]!.GetValue<string>());
        Assert.Equal(question, chat.Messages[found.MessageId!]["thread_ts"]!.GetValue<string>());
        Assert.Equal(3, chat.Messages.Count);
    }

    [Fact]
    public async Task PostAsync_ReminderFromBeforeThereWasAMessageToReplyTo_IsFoundInTheChannel()
    {
        chat.Fates.Enqueue(Fate.TakenThenBroken);
        await Fails(Posts.Reminder with { ReplyTo = null });
        time.Advance(TimeSpan.FromSeconds(61));
        string question = (await Post(Posts.Question)).MessageId!;

        Assert.NotNull((await Post(Posts.Reminder with { ReplyTo = question })).MessageId);

        Assert.Equal(2, chat.Messages.Count);
    }

    [Theory]
    [InlineData("missing_scope")]
    [InlineData("not_allowed_token_type")]
    [InlineData("thread_not_found")]
    public async Task PostAsync_ThreadMayNotBeRead_LeavesTheReminderInDoubtAndIsNotPostedTwice(string error)
    {
        NoticePost reminder = Posts.Reminder with { ReplyTo = (await Post(Posts.Question)).MessageId };
        chat.Fates.Enqueue(Fate.TakenThenBroken);
        await Fails(reminder);
        time.Advance(TimeSpan.FromSeconds(61));
        chat.ReadError = error;
        Assert.Equal(new NoticeReceipt(null, InDoubt: true), await Post(reminder));
        Assert.Equal(2, chat.Messages.Count);
    }

    [Theory]
    [InlineData(Fate.Broken)]
    [InlineData(Fate.Failed)]
    public async Task PostAsync_SlackDidNotTakeItAndNobodyHeard_IsPostedAfterALook(Fate fate)
    {
        chat.Fates.Enqueue(fate);
        await Fails(Posts.Question);
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.NotNull((await Post(Posts.Question)).MessageId);
        Assert.Single(chat.Messages);
        Assert.Equal(1, chat.Calls["conversations.history"]);
    }

    [Fact]
    public async Task PostAsync_SlackLimitsTheRate_IsPostedByTheNextTry()
    {
        chat.Fates.Enqueue(Fate.RateLimited);
        Assert.Equal(FailureKind.Transient, (await Fails(Posts.Question)).Kind);
        await Post(Posts.Question);
        Assert.Single(chat.Messages);
    }

    [Theory]
    [InlineData("17", 17)]
    [InlineData("0", 0)]
    [InlineData("soon", null)]
    [InlineData("-3", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", null)]
    public async Task PostAsync_RateIsLimited_SaysForHowLong(string header, int? seconds)
    {
        chat.RetryAfter = header;
        foreach (string channel in new[] { "team", "ops" })
        {
            chat.Fates.Enqueue(Fate.RateLimited);
            PortException failure = await Fails(Posts.Question, channel);
            Assert.Equal((FailureKind.Transient, seconds), (failure.Kind, (int?)failure.RetryAfter?.TotalSeconds));
        }

        // An update of what is there already is limited, too.
        NoticeReceipt first = await Post(Posts.Question);
        chat.Fates.Enqueue(Fate.RateLimited);
        Assert.Equal(seconds, (int?)(await Fails(Posts.Closed with { MessageId = first.MessageId })).RetryAfter?.TotalSeconds);
        Assert.Single(chat.Messages);
    }

    [Fact]
    public async Task PostAsync_RateIsLimitedUntilADate_SaysForHowLongByTheServersClock()
    {
        chat.RetryAfter = DateTimeOffset.UtcNow.AddSeconds(90).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        chat.Fates.Enqueue(Fate.RateLimited);
        Assert.InRange((await Fails(Posts.Question)).RetryAfter!.Value.TotalSeconds, 85, 95);
    }

    [Fact]
    public async Task PostAsync_SlackMayNotBeRead_IsLeftInDoubtAndNotPostedTwice()
    {
        chat.Fates.Enqueue(Fate.TakenThenBroken);
        await Fails(Posts.Question);
        time.Advance(TimeSpan.FromSeconds(61));
        chat.ReadError = "missing_scope";
        Assert.Equal(new NoticeReceipt(null, InDoubt: true), await Post(Posts.Question));
        Assert.Single(chat.Messages);
    }

    [Fact]
    public async Task PostAsync_SlackCantFetchThePicture_IsPostedWithoutIt()
    {
        chat.Fates.Enqueue(Fate.Refused);
        NoticeReceipt receipt = await Post(Posts.Question);
        Assert.DoesNotContain("charts/", chat.Messages[receipt.MessageId!].ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(2, chat.Calls["chat.postMessage"]);
    }

    [Fact]
    public async Task PostAsync_TwoProcessesAtOnce_OnePosts()
    {
        Task<NoticeReceipt?>[] both = [Try(Posts.Question), Try(Posts.Question), Try(Posts.Question)];
        await Task.WhenAll(both);
        Assert.Single(chat.Messages);
    }

    [Fact]
    public async Task PostAsync_AnyFates_NeverPostsTwice() => await Gen.Int[0, 7].Where(f => f != (int)Fate.TakenThenSilent).Array[0, 6].SampleAsync(
        async fates =>
        {
            chat.Messages.Clear();
            NoticePost post = Posts.Question with { Rollout = $"r{Guid.NewGuid():N}" };
            foreach (int fate in fates)
            {
                chat.Fates.Enqueue((Fate)fate);
            }

            NoticeReceipt? receipt = null;
            for (int tries = 0; tries < 30 && receipt is null; tries++)
            {
                receipt = await Try(post);
                time.Advance(TimeSpan.FromSeconds(20));
            }

            Assert.NotNull(receipt);
            Assert.Single(chat.Messages);
        },
        iter: 60,
        threads: 1);

    [Fact]
    public async Task PostAsync_Teams_PostsACardAndAnotherOnceItIsClosed()
    {
        Assert.Equal(new NoticeReceipt(null), await Post(Posts.Question, "ops"));
        await Post(Posts.Question, "ops");
        await Post(Posts.Voted with { MessageId = null }, "ops");
        Assert.Single(chat.Cards);
        await Post(Posts.Closed with { MessageId = null }, "ops");
        await Post(Posts.Closed with { MessageId = null }, "ops");
        Assert.Equal(2, chat.Cards.Count);
    }

    [Theory]
    [InlineData(Fate.TakenThenBroken, 1)]
    [InlineData(Fate.TakenThen500, 1)]
    [InlineData(Fate.Broken, 0)]
    public async Task PostAsync_TeamsAndNobodyHeard_IsLeftInDoubt(Fate fate, int cards)
    {
        chat.Fates.Enqueue(fate);
        await Fails(Posts.Question, "ops");
        await Fails(Posts.Question, "ops");
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.True((await Post(Posts.Question, "ops")).InDoubt);
        Assert.Equal(cards, chat.Cards.Count);
    }

    [Fact]
    public async Task PostAsync_TeamsLimitsTheRate_IsPostedByTheNextTry()
    {
        chat.Fates.Enqueue(Fate.RateLimited);
        await Fails(Posts.Question, "ops");
        await Post(Posts.Question, "ops");
        Assert.Single(chat.Cards);
    }

    [Fact]
    public async Task PostAsync_NobodyThere_SaysSoWithoutTheAddress()
    {
        PortException failure = await Fails(Posts.Question, "gone");
        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostAsync_UnknownChannel_IsHopeless() => Assert.Equal(FailureKind.Invalid, (await Fails(Posts.Question, "nobody")).Kind);

    private Task<NoticeReceipt> Post(NoticePost post, string channel = "team") => notifier.PostAsync(post with { Channel = channel }, Cancellation);

    private Task<PortException> Fails(NoticePost post, string channel = "team") => Assert.ThrowsAsync<PortException>(() => Post(post, channel));

    private async Task<NoticeReceipt?> Try(NoticePost post)
    {
        try
        {
            return await Post(post);
        }
        catch (PortException)
        {
            return null;
        }
    }
}

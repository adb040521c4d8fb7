using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using k8s;
using k8s.Models;
using Rollouts.Sandbox.Ingress;

namespace Rollouts.Sandbox.Tests.Ingress;

public sealed class ResourceMirrorTests : IAsyncLifetime
{
    private readonly ScriptedApi api = new();
    private readonly CancellationTokenSource stopping = new();
    private ResourceMirror<V1Service>? mirror;
    private Task running = Task.CompletedTask;

    private ResourceMirror<V1Service> Mirror => mirror!;

    public ValueTask InitializeAsync()
    {
        mirror = new(api.Source, () => { }, TimeProvider.System);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    [Fact]
    public async Task Run_ListAndChanges_AreMirrored()
    {
        api.List("10", "a", "b");
        Run();
        await UntilAsync("10", "a", "b");

        api.Send(WatchEventType.Added, "c", "11");
        await UntilAsync("11", "a", "b", "c");
        api.Send(WatchEventType.Deleted, "a", "12");
        await UntilAsync("12", "b", "c");
        api.Send(WatchEventType.Modified, "b", "13");
        await UntilAsync("13", "b", "c");
        api.Send(WatchEventType.Bookmark, "", "20");
        await UntilAsync("20", "b", "c");

        Assert.Equal(1, api.Lists);
        Assert.Equal("13", Mirror.Current.Items.Single(item => item.Name() == "b").ResourceVersion());
    }

    [Fact]
    public async Task Run_WatchClosed_WatchesOnFromTheLastVersionWithoutListing()
    {
        api.List("10", "a");
        Run();
        await UntilAsync("10", "a");
        api.Send(WatchEventType.Added, "b", "15");
        await UntilAsync("15", "a", "b");

        api.CloseWatch();
        api.Send(WatchEventType.Added, "c", "16");
        await UntilAsync("16", "a", "b", "c");

        Assert.Equal(1, api.Lists);
        Assert.Equal(["10", "15"], api.WatchedFrom);
    }

    [Fact]
    public async Task Run_WatchAnswers410_ListsAgain()
    {
        api.List("10", "a", "gone");
        Run();
        await UntilAsync("10", "a", "gone");

        api.List("50", "a", "new");
        api.CloseWatch(new KubernetesException(new V1Status { Code = (int)HttpStatusCode.Gone, Reason = "Expired", Message = "too old resource version" }));

        await UntilAsync("50", "a", "new");
        Assert.Equal(2, api.Lists);
        Assert.Null(Mirror.LastError);
    }

    [Fact]
    public async Task Run_ListFails_IsTriedAgainAndReportedMeanwhile()
    {
        api.FailLists = true;
        Run();
        await UntilAsync(() => Mirror.LastError is HttpRequestException);
        Assert.Equal(0ul, Mirror.Current.Version);

        api.List("10", "a");
        api.FailLists = false;

        await UntilAsync("10", "a");
    }

    private void Run() => running = Mirror.RunAsync(stopping.Token);

    private Task UntilAsync(string version, params string[] names) => UntilAsync(
        () => Mirror.Current is var (items, current)
            && current == ulong.Parse(version)
            && items.Select(item => item.Name()).Order().SequenceEqual(names));

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
    }

    private sealed class ScriptedApi
    {
        private readonly Channel<(WatchEventType, V1Service)?> events = Channel.CreateUnbounded<(WatchEventType, V1Service)?>();
        private (IEnumerable<V1Service> Items, string Version) list = ([], "0");
        private Exception? closeWith;

        public ResourceSource<V1Service> Source => new(
            _ =>
            {
                Lists++;
                return FailLists ? throw new HttpRequestException("refused") : Task.FromResult(list);
            },
            WatchAsync);

        public int Lists { get; private set; }

        public List<string> WatchedFrom { get; } = [];

        public bool FailLists { get; set; }

        public void List(string version, params string[] names) => list = (names.Select(name => Service(name, version)).ToList(), version);

        public void Send(WatchEventType type, string name, string version) => events.Writer.TryWrite((type, Service(name, version)));

        public void CloseWatch(Exception? error = null)
        {
            closeWith = error;
            events.Writer.TryWrite(null);
        }

        private async IAsyncEnumerable<(WatchEventType, V1Service)> WatchAsync(
            string version, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            WatchedFrom.Add(version);
            await foreach (var change in events.Reader.ReadAllAsync(cancellationToken))
            {
                if (change is { } one)
                    yield return one;
                else if (closeWith is { } error)
                    throw error;
                else
                    yield break;
            }
        }

        private static V1Service Service(string name, string version) =>
            new() { Metadata = new() { Name = name, NamespaceProperty = "demo", ResourceVersion = version } };
    }
}

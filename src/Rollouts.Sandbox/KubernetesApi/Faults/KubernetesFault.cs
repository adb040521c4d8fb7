namespace Rollouts.Sandbox.KubernetesApi;

/// <summary>Something that goes wrong with a call.</summary>
public abstract record KubernetesFault
{
    private KubernetesFault()
    {
    }

    /// <summary>409 as when another writer was faster.</summary>
    public static KubernetesFault Conflict { get; } = new Refused(409, "Conflict", "the object has been modified; please apply your changes to the latest version and try again");

    /// <summary>500.</summary>
    public static KubernetesFault InternalError { get; } = new Refused(500, "InternalError", "Internal error occurred: etcdserver: request timed out");

    /// <summary>503.</summary>
    public static KubernetesFault Unavailable { get; } = new Refused(503, "ServiceUnavailable", "apiserver is shutting down");

    /// <summary>The connection is closed and nothing is done.</summary>
    public static KubernetesFault Reset { get; } = new Closed(Performed: false);

    /// <summary>The call is performed and then the connection closed instead of answering.</summary>
    public static KubernetesFault LostAnswer { get; } = new Closed(Performed: true);

    /// <summary>Nothing is done and no answer comes; the call ends when the caller gives up or the server stops.</summary>
    public static KubernetesFault NoAnswer { get; } = new Waits(Timeout.InfiniteTimeSpan);

    /// <summary>429 with a <c>Retry-After</c> in whole seconds.</summary>
    public static KubernetesFault TooManyRequests(TimeSpan retryAfter) => new Refused(
        429, "TooManyRequests", "Too many requests, please try again later.")
    { RetryAfterSeconds = (int)Math.Ceiling(retryAfter.TotalSeconds) };

    /// <summary>The call is performed, but later.</summary>
    public static KubernetesFault Delay(TimeSpan time) => new Waits(time);

    /// <summary>Something else happens first, for instance another writer changes the object; then the call is performed.</summary>
    public static KubernetesFault After(Func<CancellationToken, Task> action) => new Preceded(action);

    internal sealed record Refused(int Code, string Reason, string Message) : KubernetesFault
    {
        public int? RetryAfterSeconds { get; init; }
    }

    internal sealed record Closed(bool Performed) : KubernetesFault;

    internal sealed record Waits(TimeSpan Time) : KubernetesFault;

    internal sealed record Preceded(Func<CancellationToken, Task> Action) : KubernetesFault;
}

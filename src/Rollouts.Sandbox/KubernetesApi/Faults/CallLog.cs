namespace Rollouts.Sandbox.KubernetesApi.Faults;

/// <summary>The last calls, oldest first.</summary>
internal sealed class CallLog
{
    private const int Kept = 10_000;

    private readonly Lock gate = new();
    private readonly Queue<KubernetesCall> calls = new();

    public void Add(KubernetesCall call)
    {
        lock (gate)
        {
            calls.Enqueue(call);
            if (calls.Count > Kept)
            {
                calls.Dequeue();
            }
        }
    }

    public IReadOnlyList<KubernetesCall> Read()
    {
        lock (gate)
        {
            return [.. calls];
        }
    }
}

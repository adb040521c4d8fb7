namespace Rollouts.Sandbox.KubernetesApi.Faults;

/// <summary>The last calls, oldest first.</summary>
internal sealed class CallLog
{
    private const int Kept = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<KubernetesCall> _calls = new();

    public void Add(KubernetesCall call)
    {
        lock (_gate)
        {
            _calls.Enqueue(call);
            if (_calls.Count > Kept)
            {
                _calls.Dequeue();
            }
        }
    }

    public IReadOnlyList<KubernetesCall> Read()
    {
        lock (_gate)
        {
            return [.. _calls];
        }
    }
}

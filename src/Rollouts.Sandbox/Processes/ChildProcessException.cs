namespace Rollouts.Sandbox.Processes;

/// <summary>A program that the sandbox needs is missing, did not start, or ended when it should not have.</summary>
public sealed class ChildProcessException : Exception
{
    public ChildProcessException(string message)
        : base(message)
    {
    }

    public ChildProcessException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ChildProcessException()
    {
    }
}

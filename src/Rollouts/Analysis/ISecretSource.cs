namespace Rollouts.Analysis;

/// <summary>Reads secrets that templates name. What it gives goes into one measurement and is kept nowhere.</summary>
public interface ISecretSource
{
    /// <summary>The value of a key, as text.</summary>
    /// <param name="ns">The rollout's namespace, in the rollout's cluster; secrets of no other are read.</param>
    /// <param name="secret">Which one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PortException">There is none, or it may not be read. The message holds no value.</exception>
    Task<string> ReadAsync(ClusterNamespace ns, SecretReference secret, CancellationToken cancellationToken);
}

/// <summary>A key of a Secret (<c>secretKeyRef</c>).</summary>
public sealed record SecretReference(string Name, string Key);

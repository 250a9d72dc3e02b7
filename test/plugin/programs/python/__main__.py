import pulumi
import pulumi_bigcommerce as bigcommerce

server = bigcommerce.PrivateToken(
    "server",
    channel_ids=[1],
    scopes=[bigcommerce.Scope.UNAUTHENTICATED],
    lifetime="90d",
)

pulumi.export("token", server.token)
pulumi.export("fingerprint", server.fingerprint)
pulumi.export("expiresAt", server.expires_at)

import pulumi
import pulumi_bigcommerce as bigcommerce

server = bigcommerce.PrivateToken(
    "server",
    channel_ids=[1],
    scopes=[bigcommerce.Scope.UNAUTHENTICATED],
    lifetime="90d",
)

pulumi.export("serverToken", server.token)
